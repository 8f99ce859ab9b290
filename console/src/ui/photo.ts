/** A photo before it leaves the telephone: made smaller, so that it goes quickly on a bad line. */

/** The hub keeps no more than this. */
const LONGEST_PX = 1920
const QUALITY = 0.85
const SMALL_PX = 160

/** What is sent, and a small picture of it for the screen (a data URL). */
export interface Shrunk {
  body: Blob
  small: string
}

/** The size that fits into `longest` without changing the shape; never larger than it is. */
export function fitted(wide: number, high: number, longest: number): [number, number] {
  const scale = Math.min(1, longest / Math.max(wide, high))
  return [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale))]
}

/** Make a photo smaller; null when the browser cannot read it as a picture. */
export async function shrink(file: Blob): Promise<Shrunk | null> {
  const shown = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!shown) return null
  const body = await new Promise<Blob | null>((done) => draw(shown, LONGEST_PX).toBlob(done, 'image/jpeg', QUALITY))
  const small = draw(shown, SMALL_PX).toDataURL('image/jpeg', QUALITY)
  shown.close()
  return body && { body, small }
}

function draw(shown: ImageBitmap, longest: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = fitted(shown.width, shown.height, longest)
  canvas.getContext('2d')?.drawImage(shown, 0, 0, canvas.width, canvas.height)
  return canvas
}
