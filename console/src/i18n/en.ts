/** English. */
import type { Messages } from './zh'

export const en: Messages = {
  product: 'Gatehouse', tagline: 'Security and sensor hub for residential communities',
  nav: { analysis: 'Analysis', alarms: 'Alarms', wall: 'Watch', cases: 'Cases', patrols: 'Patrols', devices: 'Devices', system: 'System' },
  age: {
    now: 'just now', seconds: '{n} s', minutes: '{n} min', hours: '{n} h', days: '{n} d',
    minutesRest: '{n} min {rest} s', hoursRest: '{n} h {rest} min', daysRest: '{n} d {rest} h',
    ago: '{age} ago',
  },
  priority: { P0: 'Life safety', P1: 'Security', P2: 'Operations', P3: 'Record' },
  live: { on: 'Live', off: 'Last update {age} ago', connecting: 'Reconnecting…', caughtUp: 'Once reconnected, every change in between is caught up' },
  sound: {
    off: 'Turn on sound', short: 'Sound', on: 'Sound on', muted: 'Muted {clock}', mute: 'Mute for 10 minutes', unmute: 'Unmute',
    why: 'Browsers let a page make sound only after a first click',
  },
  theme: { auto: 'System', light: 'Light', dark: 'Dark', label: 'Appearance' },
  language: 'Language', signOut: 'Sign out', menu: 'Menu', help: 'Shortcuts', close: 'Close', cancel: 'Cancel', retry: 'Try again', back: 'Back', all: 'All', more: 'Show earlier', none: 'None', refresh: 'Refresh',
  role: { guard: 'Guard', supervisor: 'Supervisor', admin: 'Administrator' },
  login: {
    title: 'Sign in', name: 'User name', password: 'Password', submit: 'Start the watch', busy: 'Signing in…',
    ended: 'Your session has ended. Please sign in again.', first: 'On first start, the name and password are printed in the terminal that started Gatehouse.',
  },
  wall: {
    open: 'Open alarms', waiting: '{n} waiting for you', allSeen: 'All acknowledged', value: 'Now', limit: 'Limit', doNow: 'Do this now',
    since: 'since {time}', ended: 'Just ended', late: 'Late report', lateWhy: 'This happened earlier and was delivered late: recorded, but silent.',
    pick: 'Pick an alarm to see what to do', noteFor: 'Acting on {name}', door: 'Door', doorOpen: 'Open', doorShut: 'Closed', doorUnknown: 'Unknown', fire: 'Fire input', fireOn: 'Active', fireOff: 'Normal', arm: 'Arm', loop: 'Loop', loopOn: 'Vehicle on it', loopOff: 'Free',
    lastEvent: 'Last event', passages: 'Passages', device: 'Device', lastSeen: 'Last report', commands: 'Device',
    quiet: 'All quiet', quietFor: 'Quiet for {age}', quietNow: 'Nothing needs you right now', online: 'Devices online', margin: 'Tightest pressure margin', openCases: 'Open cases', watching: 'Watching over',
    list: 'Alarm list', estate: 'The estate', cases: 'Cases in progress', noCases: 'No case in progress', below: 'below the limit', above: 'above the limit', inside: 'within limits', tries: '{n} tries', fell: 'down in {s} s',
  },
  detail: { by: 'Acknowledged by {who} at {time}', returned: 'Returned at {time}', closed: 'Ended at {time}', occurrence: 'Occurrence {n}', looks: '{who} looked at {people} people, {pages} pages today' },
  action: { acknowledge: 'Acknowledge', openCase: 'Open a case', goCase: 'Go to case', done: 'Done: {name}', version: 'Somebody has just changed this. You now see the latest state; please look once more and try again.' },
  alarms: {
    title: 'Alarm management', shelve: 'Shelve', note: 'Note', shelveTitle: 'Shelve: {name}', noteTitle: 'Note: {name}', for: 'For how long', endsAt: 'Comes back by itself at {time}', reason: 'Reason',
    shelveHint: 'It comes back by itself. Until then it stays on the list and in the shift\'s note.', noteHint: 'For the next shift: why it is still open, and who is on it.', ask: 'Ask for it',
    chattering: 'Chattering · {n} more times', children: 'Explains {n}', until: 'until {time}', escalated: '{n} called', grouped: 'Part of a flood', aside: 'Shelved, out of service, or explained', groupedList: 'Alarms told as a group',
    floodNow: 'Alarm flood', rate: 'Average per 10 min', busiest: 'Busiest 10 min', flood: 'Time in flood', told: 'Alarms told', sounds: '{n} of them with a sound', split: 'By priority', passedOn: '{n} life-safety alarms passed on', stale: '{n} older than 24 h', chatteringNow: '{n} chattering',
    top: 'Top ten sources', noneTold: 'No alarms in this time', holds: 'Shelved and out of service', noHolds: 'No alarm is shelved or out of service', askService: 'Take out of service', kind: { shelf: 'Shelved', service: 'Out of service' }, requested: 'waits for a second person', substitute: 'Substitute measure', permit: 'Permit', hours: 'Hours',
    serviceHint: 'This takes two people: one asks, another supervisor approves. It needs a permit, an end and a substitute measure, and stays visible all the time.', condition: 'Alarm', handover: 'Shift handover', state: 'State', since: 'Since', why: 'Why', noNote: 'Nobody has said anything yet',
  },
  modes: {
    title: 'Peace and emergency', normalHint: 'Routine watch.', until: 'until {time}', left: '{age} left', begun: 'Switched on by {who} at {time}', byTime: 'ended by itself', past: 'Lately', notYou: 'Switching on, prolonging and ending takes a supervisor.',
    tone: { calm: 'Normal', heightened: 'Heightened', emergency: 'Emergency' }, switch: 'Switch to', where: 'Where', wholeSite: 'The whole site', howLong: 'How long', why: 'Reason (goes on record)', endsBy: 'Goes back to normal by itself at {time}.', replaces: 'Takes the place of “{name}”.', turnOn: 'Switch on: {name}', end: 'Back to normal', toIn: 'End in {n} h instead',
    alarmChange: 'Alarm “{name}”: {usual} → {now}', allCases: 'All cases', atLeast: 'at least {priority}', time: '{percent} % of the usual time', always: 'counted around the clock', startsAt: 'start at {name} level', sentTo: 'sent to {name}', calls: '{names} told at once',
  },
  patrols: {
    title: 'Patrols', open: 'Due and under way', plans: 'Plans', past: 'Lately', none: 'Nothing to walk now', noneHint: 'A round appears here when it is due; you may also walk one at any time.', noPlans: 'This site has no patrols (configs/patrols)', progress: '{n} of {m} points', points: '{n} points', due: 'Begins {time}', lateBy: 'Finish by {time}', closes: 'closes {time}', late: 'Longer than planned', next: 'Next {time}', lasts: 'about {n} min', every: 'Every day', startNow: 'Walk one now', unplanned: 'Unplanned', who: 'By {names}', loading: 'Loading patrols…',
    days: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' }, weekdays: '{days}', fine: 'All fine', finding: 'A finding', skipped: 'Could not look', what: { finding: 'What did you find', skipped: 'Why could you not look' }, send: { finding: 'Report, and open a case', skipped: 'Note it' }, toCase: 'Go to case', over: 'This round is over', allDone: 'Every point was looked at', go: 'Walk it', back: 'All patrols', foundOn: 'Found on a round', from: '{round} · {point}', when: 'When', plan: 'Plan', state: 'State', findings: 'Findings',
    table: 'Patrols', rounds: 'Due', done: 'Done', lateCount: 'Done late', incomplete: 'Incomplete', missed: 'Missed', unseen: 'Points not seen',
  },
  analysis: {
    title: 'Analysis', weeks: '{n} weeks', opened: 'New cases', closed: 'Closed', onTime: 'On time', reopened: 'Reopened', rated: 'Rating', falseAlarms: 'False alarms', hours: 'Hours to close', before: 'before', now: 'now', notes: 'Please look at', hot: 'What came most often', trend: 'The last eight weeks', days: 'New cases by day', units: 'Grids and communities', departments: 'Departments and firms', name: 'Name', cases: 'Cases',
    matters: 'One matter, many complaints', noMatters: 'Nothing was reported three times at one place', times: 'Times', last: 'Last', persons: 'One person, many complaints', noPersons: 'Nobody complained three times', personsCount: '{n} people, {m} cases.', pseudonym: 'Pseudonym',
    bulletins: 'Weekly reports and monthly notices', bulletinsHint: 'Made by themselves when due, or now.', make: 'Make a {kind}', kind: { weekly: 'Weekly report', monthly: 'Monthly notice' }, byTime: 'made by itself',
  },
  cases: {
    title: 'Cases', open: 'Open', closed: 'Closed', mine: 'Mine', search: 'Number, title, place', category: 'Category', source: 'Came by', sources: { alarm: 'Alarm', person: 'Staff report', resident: 'Resident', platform: 'Other platform', inspection: 'Inspection' }, new: 'New case', number: 'Case {n}', loading: 'Loading cases…',
    empty: 'No case matches', emptyHint: 'Change the filter, or open a case from an alarm.', assignee: 'Assignee', nobody: 'Nobody yet', updated: 'Updated', opened: 'Opened', supervised: 'Supervised', alert: 'Linked alarm', history: 'History', commands: 'Device commands', device: 'Device', place: 'Place',
    titleField: 'Title', note: 'Note', assigneeField: 'Person (optional)', resolution: 'Resolution', rating: 'Rating', submit: 'Submit', resolutionShown: 'Resolution', actions: 'Next step', noActions: 'This case has run its full course.', later: '{n} more actions do not apply now', by: '{who}', deviceField: 'Device (optional)', placeField: 'Place (optional)', hub: 'Gatehouse', notFound: 'There is no such case',
    left: '{age} left', overdue: '{age} overdue', due: 'Due', unit: 'With', standard: 'To be true before it is closed', photosMissing: 'Missing: {what}', photosThere: 'The photos are there', showsField: 'What the photos show', shows: { before: 'Photo before', after: 'Photo after' }, lead: 'Leads', helpers: 'Help', whistle: 'Call', dispute: 'If nobody is responsible',
    department: 'Department', watcher: 'Watched by', departments: 'Departments', contractors: 'Contractors', byCatalogue: 'By the catalogue', departmentField: 'To which department', contractorField: 'To which contractor', watches: '{name} is told, and keeps an eye on it.', helpersField: 'More helpers (optional)', helpersAlready: 'Helping by the catalogue: {names}', noteOptional: 'Note (optional)', without: 'Why not wait for the helpers', optional: 'optional',
    joint: 'Handled together', callIn: 'Call in helpers', alone: 'One department handles it.', reported: 'Reported', notReported: 'Not reported yet', writeReport: 'Report its part', partField: 'What this department did',
    ties: 'Related cases', tie: { link: 'Link', merge: 'Merge' }, tieHint: { link: 'Each shows the other; both go on by themselves.', merge: 'This case goes into the other one, which then stands for both. Both histories are kept.' }, tied: { merged: 'Merged into this one', links: 'Linked' }, unlink: 'Remove the link to {n}', noTies: 'No related case',
    disputed: '{who} says: not ours', disputeRule: '{rule}: {unit} decides (raised by {by}). Then it goes on; the time for handling runs meanwhile.', mergedInto: 'Merged into', mergedHint: 'That case stands for this one; it is now at: {state}.',
    said: { to: 'To {whom}', helpers: 'Helping: {names}', watcher: 'Watched by {name}', without: 'Without {names}: {why}', 'merged-in': 'Another case was merged into it', 'merged-out': 'A merged case was taken out' },
    byLink: '{who} (by a message\'s link)',
    timed: { remind: 'Reminded: the step is due soon', escalate: 'Overdue: raised to {unit}', overdue: 'Overdue, and nobody stands above', mode: 'In force: {mode}; due {time}', 'mode-over': '{mode} is over; the deadline stays' },
  },
  password: {
    title: 'Change password', old: 'Present password', new: 'New password', again: 'New password once more', hint: 'At least 10 characters', differ: 'The two new passwords differ', short: 'A new password has at least 10 characters', submit: 'Change', done: 'Password changed. Your other devices have been signed out.',
  },
  machines: {
    title: 'Other systems', hint: 'With a credential from here, a hotline or another platform reports cases through the API, and asks after its own.', new: 'New system', name: 'Name', perMinute: 'Requests a minute', empty: 'No other system is connected', rotate: 'New credential', end: 'End', ended: 'Ended', overlap: 'Old credential until {time}', once: 'Credential of {name}', onceWhy: 'Shown this once. Hand it over in a safe way; when it replaces another, the old one works for 24 more hours.', create: 'Make a credential',
    callback: 'Call back to (URL)', callbackSave: 'Save, with a new key', callbackStop: 'Call back no more', onceKey: 'Signing key for {name}', onceKeyWhy: 'Shown this once. With it, the system checks that a callback comes from here; the key before it signs no more.', told: 'Callbacks', failed: '{n} given up', waiting: '{n} waiting', nothingTold: 'Nothing yet: each step of its cases is told from here on.', tries: 'Try {n}',
    states: { waiting: 'waiting', sent: 'taken', failed: 'given up' },
    events: { accepted: 'accepted', dispatched: 'dispatched', handling: 'being handled', closed: 'closed', rejected: 'rejected', returned: 'sent back', reopened: 'reopened', merged: 'merged', rated: 'rated' },
  },
  users: {
    title: 'Accounts', loading: 'Loading accounts…', new: 'New account', edit: 'Account: {name}', name: 'User name', nameHint: 'Small letters, digits, dots, dashes, such as zhang.wei', role: 'Role', sites: 'Sites', allSites: 'All sites', made: 'Made', state: 'State', active: 'May sign in', disabled: 'Disabled', you: 'You', change: 'Change', create: 'Make the account', save: 'Save', disable: 'Disable', enable: 'Enable again', reset: 'Reset password', confirm: 'Press again to confirm', ends: 'Any change signs this account out everywhere.',
    once: 'Password of {name}', onceWhy: 'Shown this once. Hand it over in person or by a safe way, and ask its owner to change it in the menu after signing in.', copy: 'Copy', copied: 'Copied', kept: 'I have noted it',
    roleHint: { guard: 'Watches alarms, works cases, operates doors', supervisor: 'Also verifies and closes cases, supervises, reads dead letters', admin: 'Also manages accounts and reads the audit trail' },
  },
  devices: {
    title: 'Devices', loading: 'Loading devices…', byAgent: 'By agent', byBuilding: 'By building', seen: 'Last seen', never: 'never', skew: 'Clock skew', agent: 'Agent', state: 'State', kind: 'Kind', reading: 'Reading', limits: 'Limits', outside: 'Outdoors',
    backlog: 'Backlog', dropped: 'Dropped', stored: 'Stored', duplicates: 'Duplicates', dead: 'Dead', lane: 'Lane', offset: 'Clock offset', version: 'Version', alerts: '{n} alarms',
    chart: 'Chart', ranges: { '10m': '10 min', '1h': '1 h', '24h': '24 h', '7d': '7 d' }, noPoints: 'No data in this range', low: 'Low limit', high: 'High limit', band: 'Min–max', avg: 'Average',
    empty: 'No devices are registered for this site', online: 'online', fault: 'Fault', notFound: 'There is no such device',
  },
  photo: { label: 'Photos', add: 'Take or choose', sending: 'Sending…', one: 'Photo', drop: 'Remove this photo' },
  report: {
    title: 'Reporter', resident: 'A resident', platform: 'Another system', reference: 'Their number {n}', ask: 'Asked the reporter', answer: 'The reporter said', question: 'What to ask', hint: 'They read it with their code, and may answer. Write nothing personal about others.', send: 'Ask', contact: 'Show phone number', rating: 'Reporter\'s rating', noPhone: 'left no phone number',
  },
  falseAlarm: {
    button: 'False alarm', title: 'This is a false alarm', what: 'Acknowledges the alarm and reports its case as a false alarm; a supervisor closes it.', why: 'What is in the picture', send: 'Report as false',
    reasons: ['Bicycle', 'Stroller', 'Wheelchair', 'People', 'Nothing at all'],
  },
  camera: {
    ebike: 'E-bike', watch: 'Watch live', stop: 'Stop', live: 'Live', liveOf: '{name}, live', coming: 'Connecting to the camera…', away: 'The camera cannot be reached; trying again', recorded: 'Each look is recorded',
    evidence: 'Clips and pictures', failed: 'Not available', kinds: { clip: 'Clip', still: 'Still', thumbnail: 'Thumbnail', photo: 'Photo', picture: 'Picture' }, states: { coming: 'on its way…', stored: 'stored', removed: 'past its time' },
    keptUntil: 'kept until {day}', keptOpen: 'kept while its case is open', download: 'Download', askPictures: 'Plate pictures from around then', noPictures: 'no plate picture from around then',
  },
  fall: {
    from: 'Came from', floor: 'Floor {n}', floors: 'Floors, nine in ten', roof: 'The roof', unknown: 'Floor not known', column: 'Window column from the left', seen: 'Seen for', score: 'Score', images: 'Images in the glass', track: 'The way it fell',
    confirmed: 'Confirmed by its fall', suspected: 'Suspected', note: 'From the calibration lines; by itself no proof of who it was.', uncalibrated: 'No calibration lines are set for this camera: look at the picture.',
  },
  lift: {
    title: 'E-bike in the elevator', door: 'Door', held: 'Held open', free: 'Not held', heldFor: 'Held for', score: 'Score', floor: 'Car at floor', ended: 'Ended', model: 'Model', rodeTo: 'Rode to floor {floor}',
    phase: { confirmed: 'Confirmed; asked to turn back', 'let-go': 'Let go; still in the car', riding: 'Riding', idle: 'Over', dismissed: 'Handled by staff', late: 'Reported late' },
    outcome: { dissuaded: 'Turned back', rode: 'Rode along', left: 'Left', 'by-staff': 'Let go by staff', unknown: 'Unknown: the camera went silent' },
  },
  deviceState: { ok: 'OK', silent: 'Silent', fault: 'Fault', unknown: 'Unknown' },
  agentState: { online: 'Online', offline: 'Offline', unknown: 'Unknown' },
  laneName: { life: 'Life safety', event: 'Events', telemetry: 'Telemetry', media: 'Media' },
  command: {
    title: '{action}: {device}', reason: 'Reason', reasonHint: 'Goes into the audit trail', lease: 'Hold for', seconds: '{n} s', send: '{action} now', sent: 'Command sent', leaseHint: 'It returns by itself after this time, even if the network or the hub fails.', empty: 'No commands yet', log: 'Commands', left: '{clock} left',
    state: { sent: 'Sent', executed: 'Executed', released: 'Released', refused: 'Refused', expired: 'Expired', failed: 'Failed', unanswered: 'Unanswered' },
    reasons: ['Checking an alarm on site', 'Letting fire or medical crews in', 'Helping a resident', 'Maintenance'],
  },
  passages: {
    title: 'Passages', ask: 'Purpose', why: 'Access traces are sensitive personal information. State your purpose first; each look is recorded before it is answered.', look: 'Show', at: 'Time', direction: 'Direction', result: 'Result', method: 'Method', who: 'Credential', subject: 'Same-person mark', empty: 'No passages', purpose: 'Purpose: {name}', change: 'Change purpose',
    in: 'In', out: 'Out', results: { granted: 'Granted', denied: 'Denied', exit: 'Exit button', remote: 'Opened remotely', manual: 'From the booth', seen: 'Read only' }, picture: 'Picture',
    showPicture: 'Show', notHere: 'not here (yet)',
  },
  look: {
    again: 'Go on as just declared', case: 'Case', pickCase: 'Pick a case', noCase: 'No open case: open one first', reason: 'Reason', reasonHint: 'Why you look. It goes on record; whom it is about may ask for it',
    more: 'Besides access traces', unmask: 'Show in clear', whyUnmask: 'Why it has to be clear', own: 'Who looked at me', ownHint: 'For somebody who asks who looked at their passages: staff types their plate or card; the answer may be told to them.', askOwn: 'Look it up', ownFound: 'Looks: {n}', ownMore: 'There are older ones besides', who: 'Looked by',
  },
  exports: {
    title: 'Exports', add: 'Ask for an export', none: 'No exports', hint: 'It is made once another person approves. Each row and picture names who asked, who approved, when and what for; the file is deleted after 3 days.', span: 'From – to', anyDevice: 'All gates and barriers', pictures: 'With pictures', plain: 'Cards and plates in clear', rows: 'Passages: {n}', withPictures: 'with pictures', inClear: 'in clear', waits: 'Another person has to approve', withdraw: 'Take back', approve: 'Approve', refuse: 'Refuse', why: 'Why it is refused',
    states: { requested: 'Waits for approval', refused: 'Refused', withdrawn: 'Taken back', making: 'Being made', ready: 'Ready', failed: 'Failed', expired: 'Expired' },
  },
  watch: {
    title: 'Watchlist', add: 'Ask to watch for', none: 'Nobody is watched for', hint: 'It takes effect once another person approves, and ends by itself. Alarms show neither plate nor name.', sort: 'Sort', sorts: { plate: 'Plate', credential: 'Card number', listed: 'Number on a device’s own list' }, case: 'Case number (if any)', days: 'Days (90 at most)', ask: 'Ask', all: 'Those that have ended too', end: 'End it', asked: 'Asked by {who}, {at}', approvedBy: 'approved by {who}', refusedBy: 'refused by {who}', until: 'until {at}', hits: 'Seen {n} times, last {at}',
    states: { requested: 'Waits for approval', active: 'Watched for', refused: 'Refused', ended: 'Ended' },
  },
  system: {
    title: 'System', counters: 'Totals', agents: 'Agents', dead: 'Dead letters', audit: 'Audit', deadHint: 'Messages that could not be read, kept with the reason', auditHint: 'Who did what, and when', empty: 'Nothing recorded', whole: 'Audit chain whole, {n} entries', broken: 'Audit chain broken at entry {n}', role: 'Needs the role {role}',
    at: 'Time', actor: 'Person', actionName: 'Action', object: 'Object', outcome: 'Outcome', reason: 'Reason', detail: 'Detail', size: 'Size', topic: 'Topic', lane: 'Lane',
    counter: { resident_reports: 'Resident reports', resident_refused: 'Resident requests over quota', platform_reports: 'Platform reports', stored: 'Observations stored', duplicates: 'Duplicates recognised', dead: 'Dead letters', declared_dropped: 'Declared drops', late: 'Late', unknown_device: 'Unregistered device', rejected_signals: 'Rejected signals', unknown_agent: 'Unregistered agent', unknown_command: 'Receipts of nobody', deferred: 'Deferred', rule_errors: 'Rule errors', frames_seen: 'Frames looked at', frames_skipped: 'Frames skipped', tracks: 'Tracks of falling things', listed_unknown: 'Hits on a device\'s list that nobody approved', telemetry_dropped: 'Telemetry points dropped', telemetry_dropped_urgent: 'Urgent points dropped', telemetry_refused: 'Telemetry points refused' },
  },
  problem: {
    title: 'That did not work', unreachable: 'The hub cannot be reached', unreachableWay: 'The screen keeps the last known state and retries by itself. Check the network, or whether the hub is running.',
    'point-visited': 'Somebody has just noted this point; you now see the latest state',
    'mode-in-force': 'Another mode has just been switched on here; please look once more',
    'login-refused': 'The name or the password is wrong', 'too-many-tries': 'Too many attempts; wait a while', 'not-logged-in': 'Your session has ended; sign in again', forbidden: 'Your role may not do this', 'look-needed': 'Say first what you look for (good for 30 minutes)', 'over-quota': 'You have looked at all that a day allows', 'wrong-password': 'The present password is wrong', 'name-taken': 'This user name is taken', 'last-admin': 'One working administrator of all sites must stay', 'stale-version': 'Somebody has just changed this; look again, then retry', 'agent-away': 'The agent is offline; the command was not sent', 'not-a-photo': 'This file is no photo that can be used (JPEG or PNG)', 'photo-too-large': 'The photo is too large', 'too-large': 'The file is too large', 'not-found': 'It is no longer there', conflict: 'Somebody has just changed this; look again, then retry', 'not-allowed': 'This is not possible now', 'invalid-request': 'Something is filled in wrongly', 'bad-request': 'Something is filled in wrongly', unavailable: 'The hub is busy; try again shortly', busy: 'Too many people are signing in; wait a moment', csrf: 'This page is out of date; reload it', 'internal-error': 'Something broke inside the hub; its log says what',
    code: 'Code {code}', load: 'Loading failed',
  },
  keys: { title: 'Keyboard shortcuts', move: 'Previous / next alarm', ack: 'Acknowledge the selected alarm', case: 'Open a case, or go to it', mute: 'Mute for 10 minutes / unmute', help: 'Show or hide this', escape: 'Close / back to the list' },
}
