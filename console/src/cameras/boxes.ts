/** What the detector saw in a camera's newest frames, for drawing over its live picture. */
import type { Device } from '../api/types'

/** A box stays this long: the detector looks at two or three frames a second, and tells once a second. */
const FRESH_MS = 3000
const FIELDS = 5

export interface SeenBox {
  score: number
  /** Shares of the picture. */
  x: number
  y: number
  width: number
  height: number
  /** Beyond the threshold from which frames count towards an alarm. */
  sure: boolean
}

/** The boxes of the newest frame that showed any; none once that is old. `score,x0,y0,x1,y1;…`, in thousandths. */
export function boxesOf(device: Device, now: number): SeenBox[] {
  const told = device.readings.ebike_boxes
  if (!told || typeof told.value !== 'string' || now - told.at > FRESH_MS) return []
  const alarm = device.readings.alarm_from?.value
  return told.value.split(';').flatMap((part) => {
    const [score, x0, y0, x1, y1] = part.split(',').map((one) => Number(one) / 1000)
    if (part.split(',').length !== FIELDS || ![score, x0, y0, x1, y1].every(Number.isFinite)) return []
    return [{ score: score!, x: x0!, y: y0!, width: x1! - x0!, height: y1! - y0!, sure: typeof alarm === 'number' && score! >= alarm }]
  })
}
