/** What waits on a telephone until there is a line, in English. */
export const later = {
  later: {
    title: 'Waiting to be sent',
    short: 'to send',
    some: '{n} waiting to be sent',
    none: 'Everything has been sent',
    hint: 'Without a signal, reports and points of a round are kept on this telephone; they are sent by themselves once there is one, and only once. Do not clear the browser before that.',
    waits: 'Waiting for a signal',
    sending: 'Sending…',
    now: 'Send now',
    drop: 'Give up',
    photos: '{n} photos',
    kept: 'No signal: kept on this telephone, and sent once there is one',
    kind: {
      case: 'Report',
      visit: 'Point of a round',
    },
  },
}
