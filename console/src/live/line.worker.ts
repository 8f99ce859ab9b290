/** One stream for all tabs of a browser. */
import { Line } from './line'
import type { FromLine, ToLine } from './messages'

const ports = new Set<MessagePort>()
let last: FromLine = { kind: 'line', state: 'connecting' }

const line = new Line((message) => {
  if (message.kind === 'line') last = message
  for (const port of ports) port.postMessage(message)
})

function onOrder(port: MessagePort, order: ToLine): void {
  if (order.do === 'join') {
    ports.add(port)
    port.postMessage(last)
  } else if (order.do === 'start') line.start(order.site, order.after)
  else if (order.do === 'resume') line.resume(order.after)
  else if (order.do === 'stop') stopAll(port)
  else {
    ports.delete(port)
    if (ports.size === 0) line.stop()
  }
}

/** One tab signed out: the others have lost their stream too, and have to find out why. */
function stopAll(asker: MessagePort): void {
  line.stop()
  last = { kind: 'line', state: 'refused' }
  for (const port of ports) if (port !== asker) port.postMessage(last)
}

addEventListener('online', () => line.hurry())
addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0]
  if (!port) return
  port.onmessage = (message: MessageEvent<ToLine>) => onOrder(port, message.data)
  port.start()
})
