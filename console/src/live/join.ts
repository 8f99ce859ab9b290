/** A tab's end of the stream: the shared one where the browser can, else one of its own. */
import { Line } from './line'
import type { FromLine, ToLine } from './messages'

export type Order = (order: ToLine) => void

/** Join the stream; from now on `hear` gets every message. Returns how to give it orders. */
export function joinLine(hear: (message: FromLine) => void): Order {
  const order = 'SharedWorker' in window ? shared(hear) : own(hear)
  order({ do: 'join' })
  addEventListener('pagehide', () => order({ do: 'leave' }))
  // A page that the browser kept and shows again has left the stream: it starts over.
  addEventListener('pageshow', (event) => event.persisted && location.reload())
  return order
}

function shared(hear: (message: FromLine) => void): Order {
  const worker = new SharedWorker(new URL('./line.worker.ts', import.meta.url), {
    type: 'module',
    name: 'gatehouse-line',
  })
  worker.port.onmessage = (message: MessageEvent<FromLine>) => hear(message.data)
  return (order) => worker.port.postMessage(order)
}

function own(hear: (message: FromLine) => void): Order {
  const line = new Line(hear)
  addEventListener('online', () => line.hurry())
  return (order) => {
    if (order.do === 'start') line.start(order.site, order.after)
    else if (order.do === 'resume') line.resume(order.after)
    else if (order.do === 'stop' || order.do === 'leave') line.stop()
  }
}
