/** 中文(默认)。The English file has the same keys; the compiler sees to it. */
export const zh = {
  product: 'Gatehouse', tagline: '小区安防与感知中枢',
  nav: { analysis: '研判', wall: '值守', alarms: '报警管理', cases: '案件', patrols: '巡查', devices: '设备', system: '系统' },
  age: {
    now: '刚刚', seconds: '{n} 秒', minutes: '{n} 分', hours: '{n} 小时', days: '{n} 天',
    minutesRest: '{n} 分 {rest} 秒', hoursRest: '{n} 小时 {rest} 分', daysRest: '{n} 天 {rest} 小时',
    ago: '{age}前',
  },
  priority: { P0: '生命安全', P1: '治安', P2: '运行', P3: '记录' },
  live: { on: '实时', off: '最后更新 {age}前', connecting: '正在重新连接…', caughtUp: '重新连上后会补齐期间的全部变化' },
  sound: {
    off: '点此开启声音', short: '开启声音', on: '声音已开', muted: '静音 {clock}', mute: '静音 10 分钟', unmute: '恢复声音',
    why: '浏览器要求先点击一次，页面才能发声',
  },
  theme: { auto: '跟随系统', light: '浅色', dark: '深色', label: '外观' },
  language: '语言', signOut: '退出登录', menu: '菜单', help: '快捷键', close: '关闭', cancel: '取消', retry: '再试一次', back: '返回', all: '全部', more: '再看更早的', none: '无', refresh: '刷新',
  role: { guard: '值守员', supervisor: '主管', admin: '管理员' },
  login: {
    title: '登录', name: '用户名', password: '密码', submit: '进入值守', busy: '正在登录…',
    ended: '登录已失效，请重新登录。', first: '首次启动时，用户名和密码显示在启动程序的终端里。',
  },
  wall: {
    open: '当前报警', waiting: '{n} 条待确认', allSeen: '均已确认', value: '当前', limit: '限值', doNow: '现在要做',
    since: '自 {time}', ended: '最近结束', late: '历史补报', lateWhy: '这是补传的过去事件，已记录，不发声。',
    pick: '选一条报警查看处置步骤', noteFor: '对 {name} 的操作', door: '门', doorOpen: '开着', doorShut: '关着', doorUnknown: '未知', fire: '消防联动', fireOn: '已触发', fireOff: '正常', arm: '闸杆', loop: '地感线圈', loopOn: '有车', loopOff: '无车',
    lastEvent: '最近事件', passages: '查看通行记录', device: '设备详情', lastSeen: '最近上报', commands: '设备操作',
    quiet: '一切平静', quietFor: '已平静 {age}', quietNow: '没有需要处理的报警', online: '设备在线', margin: '最小水压余量', openCases: '未结案件', watching: '正在看守',
    list: '报警列表', estate: '小区一览', cases: '进行中的案件', noCases: '没有进行中的案件', below: '低于下限', above: '高于上限', inside: '在限值内', tries: '{n} 次', fell: '{s} 秒内下降',
  },
  detail: { by: '{who} 于 {time} 确认', returned: '{time} 恢复', closed: '{time} 结束', occurrence: '第 {n} 次', looks: '{who} 今天查了 {people} 人、{pages} 页' },
  action: { acknowledge: '确认', openCase: '立案', goCase: '去案件', done: '已完成：{name}', version: '内容刚刚被别人更新，已显示最新状态，请再看一眼后重试。' },
  alarms: {
    title: '报警管理', shelve: '搁置', note: '备注', shelveTitle: '搁置：{name}', noteTitle: '备注：{name}', for: '多久', endsAt: '到 {time} 自动恢复', reason: '原因',
    shelveHint: '到时自动恢复报警；期间仍在列表里，交班时可见。', noteHint: '交班时可见：为什么还开着、谁在处理。', ask: '提交申请',
    chattering: '抖动中 · 又来 {n} 次', children: '解释了 {n} 条', until: '至 {time}', escalated: '已呼叫 {n} 人', grouped: '洪峰成组', aside: '已搁置、停用或由上级解释', groupedList: '成组提示的报警',
    floodNow: '报警洪峰中', rate: '平均每 10 分钟', busiest: '最忙的 10 分钟', flood: '洪峰时间占比', told: '提示过的报警', sounds: '其中响铃 {n} 次', split: '优先级分布', passedOn: '生命安全警报转呼 {n} 次', stale: '超过 24 小时 {n} 条', chatteringNow: '抖动中 {n} 条',
    top: '最多的十个来源', noneTold: '这段时间没有报警', holds: '搁置与停用', noHolds: '没有被搁置或停用的报警', askService: '申请停用检修', kind: { shelf: '搁置', service: '停用检修' }, requested: '待另一人批准', substitute: '替代措施', permit: '作业许可', hours: '小时数',
    serviceHint: '停用需要两个人：一人申请，另一位主管批准；须有作业许可、结束时间和替代措施，期间一直显示。', condition: '报警', handover: '交班单', state: '状态', since: '开始', why: '说明', noNote: '还没有人说明',
  },
  modes: {
    title: '平急转换', normalHint: '按日常规程运行。', until: '至 {time}', left: '还有 {age}', begun: '{who} 于 {time} 启动', byTime: '到时自动结束', past: '最近几次', notYou: '启动、延长和结束需要值班长及以上权限。',
    tone: { calm: '平时', heightened: '加强', emergency: '应急' }, switch: '切换为', where: '范围', wholeSite: '整个小区', howLong: '多久', why: '原因（记入审计）', endsBy: '{time} 自动转回平时。', replaces: '将代替现在的“{name}”。', turnOn: '启动：{name}', end: '转回平时', toIn: '改为 {n} 小时后结束',
    alarmChange: '警报“{name}”：{usual} → {now}', allCases: '所有案件', atLeast: '至少 {priority}', time: '时限为平时的 {percent}%', always: '全天计时', startsAt: '由{name}一级开始', sentTo: '派给{name}', calls: '立即通知 {names}',
  },
  patrols: {
    title: '巡查巡检', open: '待巡与进行中', plans: '巡查计划', past: '最近的巡查', none: '现在没有要巡的', noneHint: '到点会自动出现在这里；也可以随时走一轮。', noPlans: '本小区没有巡查计划（configs/patrols）', progress: '{n} / {m} 个点位', points: '{n} 个点位', due: '{time} 开始', lateBy: '请在 {time} 前完成', closes: '{time} 截止', late: '已超过计划用时', next: '下次 {time}', lasts: '约 {n} 分钟', every: '每天', startNow: '现在走一轮', unplanned: '计划外', who: '由 {names}', loading: '正在取巡查…',
    days: { mon: '一', tue: '二', wed: '三', thu: '四', fri: '五', sat: '六', sun: '日' }, weekdays: '周{days}', fine: '正常', finding: '发现问题', skipped: '无法查看', what: { finding: '发现了什么', skipped: '为什么无法查看' }, send: { finding: '上报并立案', skipped: '记下' }, toCase: '查看案件', over: '本轮已结束', allDone: '全部点位已查看', go: '去巡', back: '全部巡查', foundOn: '巡查发现', from: '{round} · {point}', when: '时间', plan: '计划', state: '状态', findings: '发现',
    table: '巡查', rounds: '应巡', done: '已完成', lateCount: '超时完成', incomplete: '未巡全', missed: '漏巡', unseen: '未查点位',
  },
  analysis: {
    title: '研判与考核', weeks: '{n} 周', opened: '新增案件', closed: '已办结', onTime: '按时办结', reopened: '重新打开', rated: '满意度', falseAlarms: '误报', hours: '办结用时（小时）', before: '上期', now: '本期', notes: '提示事项', hot: '高频诉求', trend: '近八周走势', days: '每日新增', units: '网格与社区考核', departments: '单位考核', name: '名称', cases: '件数',
    matters: '一事多诉', noMatters: '没有同一地点、同一类别三次以上的诉求', times: '次数', last: '最近一次', persons: '一人多诉', noPersons: '没有同一人三次以上的诉求', personsCount: '{n} 人，共 {m} 件。', pseudonym: '化名',
    bulletins: '民声快报与提示单', bulletinsHint: '到点自动生成，也可随时生成。', make: '生成{kind}', kind: { weekly: '民声快报', monthly: '提示单' }, byTime: '自动生成',
  },
  cases: {
    title: '案件', open: '未结', closed: '已结', mine: '我的', search: '搜索编号、标题、地点', category: '类别', source: '来源', sources: { alarm: '报警', person: '人工上报', resident: '居民随手拍', platform: '平台转办', inspection: '巡查' }, new: '新建案件', number: '案件 {n}', loading: '正在取案件…',
    empty: '没有符合条件的案件', emptyHint: '换个筛选条件，或在报警上点“立案”。', assignee: '处理人', nobody: '未指派', updated: '更新', opened: '立案', supervised: '督办', alert: '关联报警', history: '经过', commands: '设备操作', device: '设备', place: '地点',
    titleField: '标题', note: '说明', assigneeField: '具体处理人（可不填）', resolution: '处置结果', rating: '评价', submit: '提交', resolutionShown: '处置结果', actions: '下一步', noActions: '流程已走完。', later: '还有 {n} 个动作现在不适用', by: '{who}', deviceField: '设备(可不选)', placeField: '地点(可不填)', hub: '系统', notFound: '没有这个案件',
    left: '剩 {age}', overdue: '超时 {age}', due: '时限', unit: '当前层级', standard: '结案标准', photosMissing: '缺少：{what}', photosThere: '照片已齐', showsField: '照片内容', shows: { before: '处置前照片', after: '处置后照片' }, lead: '牵头', helpers: '协同', whistle: '吹哨', dispute: '责任认定',
    department: '处理部门', watcher: '关注部门', departments: '部门', contractors: '维保单位', byCatalogue: '按目录', departmentField: '派给哪个部门', contractorField: '派给哪家维保单位', watches: '{name}会收到通知并持续关注。', helpersField: '增加协同部门（可不选）', helpersAlready: '按目录协同：{names}', noteOptional: '说明（可不填）', without: '为何不等协同部门', optional: '选做',
    joint: '联合处置', callIn: '增派协同', alone: '由一个部门处置。', reported: '已反馈', notReported: '待反馈', writeReport: '填写反馈', partField: '本部门做了什么',
    ties: '相关案件', tie: { link: '关联', merge: '并案' }, tieHint: { link: '两个案件互相可见，各自办理。', merge: '本案并入所选案件，由它一并办理；经过都会保留。' }, tied: { merged: '已并入本案', links: '互相关联' }, unlink: '取消与 {n} 的关联', noTies: '没有相关案件',
    disputed: '{who}提出：不属于本部门', disputeRule: '{rule}，由{unit}决定（{by} 提出）。定责后继续办理，处置时限不变。', mergedInto: '已并入', mergedHint: '由主案一并办理，主案现处于“{state}”。',
    said: { to: '派给 {whom}', helpers: '协同：{names}', watcher: '关注：{name}', without: '未等 {names}：{why}', 'merged-in': '另一案件并入', 'merged-out': '并入的案件已移出' },
    byLink: '{who}（从消息链接）',
    timed: { remind: '催办：本环节即将到期', escalate: '超时，已升级至{unit}', overdue: '超时，已无上级可报', mode: '转为“{mode}”，时限至 {time}', 'mode-over': '“{mode}”已结束，时限不变' },
  },
  password: {
    title: '修改密码', old: '现在的密码', new: '新密码', again: '再输一次新密码', hint: '至少 10 个字符', differ: '两次输入的新密码不一样', short: '新密码至少 10 个字符', submit: '修改', done: '密码已修改。你在其他设备上的登录已经退出。',
  },
  machines: {
    title: '对接系统', hint: '12345 热线、城管等平台凭这里的凭证，通过接口上报案件、查询自己上报的案件。', new: '新的对接系统', name: '名称', perMinute: '每分钟请求', empty: '还没有对接系统', rotate: '更换凭证', end: '停用', ended: '已停用', overlap: '旧凭证有效到 {time}', once: '{name} 的凭证', onceWhy: '只显示这一次。请通过安全的方式交给对方；更换时，旧凭证还能用 24 小时。', create: '生成凭证',
    callback: '回调地址（URL）', callbackSave: '保存并更换密钥', callbackStop: '不再回调', onceKey: '{name} 的签名密钥', onceKeyWhy: '只显示这一次。对方用它核对回调确实来自本系统；旧密钥已不再签名。', told: '回调记录', failed: '{n} 条已放弃', waiting: '{n} 条待送', nothingTold: '还没有。此后其案件每走一步都会告知。', tries: '已试 {n} 次',
    states: { waiting: '待送', sent: '已收', failed: '已放弃' },
    events: { accepted: '已受理', dispatched: '已派遣', handling: '处置中', closed: '已结案', rejected: '不予受理', returned: '退回', reopened: '重新打开', merged: '已并案', rated: '已评价' },
  },
  users: {
    title: '账号', loading: '正在取账号…', new: '新建账号', edit: '账号：{name}', name: '用户名', nameHint: '小写字母、数字、点、横线，例如 zhang.wei', role: '角色', sites: '负责的小区', allSites: '所有小区', made: '建立于', state: '状态', active: '可登录', disabled: '已停用', you: '你自己', change: '更改', create: '建立账号', save: '保存', disable: '停用', enable: '恢复使用', reset: '重设密码', confirm: '再点一次确认', ends: '任何更改都会让该账号退出登录，需重新登录。',
    once: '{name} 的密码', onceWhy: '只显示这一次。请当面或用可靠方式交给本人，并请本人登录后在菜单里修改。', copy: '复制', copied: '已复制', kept: '我已记下',
    roleHint: { guard: '看报警、处置案件、操作门禁', supervisor: '另可核查结案、督办、看死信', admin: '另可管理账号、查看审计' },
  },
  devices: {
    title: '设备', loading: '正在取设备…', byAgent: '按接入', byBuilding: '按楼栋', seen: '最近上报', never: '从未', skew: '时钟偏差', agent: '接入代理', state: '状态', kind: '类型', reading: '读数', limits: '限值', outside: '室外',
    backlog: '积压', dropped: '已丢弃', stored: '已入库', duplicates: '重复', dead: '死信', lane: '通道', offset: '时钟校正', version: '版本', alerts: '{n} 条报警',
    chart: '曲线', ranges: { '10m': '10 分钟', '1h': '1 小时', '24h': '24 小时', '7d': '7 天' }, noPoints: '这段时间没有数据', low: '下限', high: '上限', band: '最小–最大', avg: '平均',
    empty: '这个小区还没有登记设备', online: '在线', fault: '故障说明', notFound: '没有这个设备',
  },
  photo: { label: '照片', add: '拍照或选图', sending: '正在上传…', one: '照片', drop: '去掉这张照片' },
  report: {
    title: '上报人', resident: '居民', platform: '外部平台', reference: '对方编号 {n}', ask: '向上报人提问', answer: '上报人回复', question: '想问什么', hint: '上报人凭查询码看到提问并回复；请勿写他人的个人信息。', send: '发出提问', contact: '查看电话', rating: '上报人评价', noPhone: '没有留电话',
  },
  falseAlarm: {
    button: '误报', title: '确认是误报', what: '确认报警，并把案件处置结果记为“误报”；由主管核查结案。', why: '画面里是什么', send: '记为误报',
    reasons: ['自行车', '婴儿车', '轮椅', '行人', '什么都没有'],
  },
  camera: {
    ebike: '电动车', watch: '看实时画面', stop: '停止', live: '实时', liveOf: '{name}的实时画面', coming: '正在接通摄像机…', away: '摄像机暂时接不通，正在重试', recorded: '每次调看都会留痕',
    evidence: '录像与照片', failed: '没有取到', kinds: { clip: '录像', still: '截图', thumbnail: '缩略图', photo: '照片', picture: '抓拍' }, states: { coming: '正在传来…', stored: '已存证', removed: '已过保存期' },
    keptUntil: '保存至 {day}', keptOpen: '案件未结，持续保存', download: '下载', askPictures: '查看前后时段的车牌抓拍', noPictures: '前后时段没有车牌抓拍',
  },
  fall: {
    from: '来自', floor: '{n} 层', floors: '楼层范围（九成把握）', roof: '屋顶', unknown: '楼层未知', column: '窗列（自左起）', seen: '可见时长', score: '得分', images: '玻璃倒影', track: '下落轨迹',
    confirmed: '符合坠落规律', suspected: '疑似', note: '依标定线推算，不能单独作为认定责任人的证据。', uncalibrated: '该摄像机未设标定线，请看画面判断。',
  },
  lift: {
    title: '电梯内电动车', door: '轿门', held: '保持开门中', free: '未保持', heldFor: '共保持', score: '识别得分', floor: '轿厢楼层', ended: '结束', model: '识别模型', rodeTo: '已随梯到 {floor} 层',
    phase: { confirmed: '已确认，正在劝阻', 'let-go': '已放行，仍在轿厢内', riding: '正随梯运行', idle: '已结束', dismissed: '值班人员已处理', late: '历史补报' },
    outcome: { dissuaded: '已劝离', rode: '已随梯离开', left: '已自行离开', 'by-staff': '值班人员已放行', unknown: '画面中断，结果不明' },
  },
  deviceState: { ok: '正常', silent: '失联', fault: '故障', unknown: '未知' },
  agentState: { online: '在线', offline: '离线', unknown: '未知' },
  laneName: { life: '生命安全', event: '事件', telemetry: '遥测', media: '媒体' },
  command: {
    title: '{action}：{device}', reason: '原因', reasonHint: '会写入审计记录', lease: '保持时间', seconds: '{n} 秒', send: '确认{action}', sent: '命令已发出', leaseHint: '到时自动恢复；网络或系统中断也会自动恢复。', empty: '还没有操作过', log: '操作记录', left: '剩余 {clock}',
    state: { sent: '已发出', executed: '已执行', released: '已恢复', refused: '被拒绝', expired: '已过期', failed: '失败', unanswered: '无应答' },
    reasons: ['现场核实报警', '放行消防或急救人员', '协助住户', '设备检修'],
  },
  passages: {
    title: '通行记录', ask: '查看用途', why: '通行记录是敏感个人信息。请先说明用途；每次查看都会先记入审计。', look: '查看', at: '时间', direction: '方向', result: '结果', method: '方式', who: '凭证', subject: '同一人标记', empty: '没有通行记录', purpose: '用途：{name}', change: '更换用途',
    in: '进', out: '出', results: { granted: '通行', denied: '拒绝', exit: '出门按钮', remote: '远程开门', manual: '岗亭手动', seen: '仅识别' }, picture: '抓拍图',
    showPicture: '查看', notHere: '尚未到达或已过保存期',
  },
  look: {
    again: '沿用刚才的登记', case: '案件', pickCase: '选择案件', noCase: '没有未结案件，请先立案', reason: '原因', reasonHint: '为什么要查，将记入审计，当事人可以查询',
    more: '与通行记录有关', unmask: '显示明文', whyUnmask: '为什么要看明文', own: '谁查过我', ownHint: '有人询问谁查过自己的通行记录时使用：由工作人员录入其车牌或卡号，结果可以当面告知。', askOwn: '查询', ownFound: '共 {n} 次查看', ownMore: '更早的还有，未全部列出', who: '查看人',
  },
  exports: {
    title: '导出', add: '申请导出', none: '没有导出', hint: '由另一人批准后生成。每行和每张图片都带有申请人、批准人、时间和用途；文件 3 天后自动删除。', span: '时间范围', anyDevice: '全部门和道闸', pictures: '包含抓拍图', plain: '凭证和车牌不掩码', rows: '{n} 条', withPictures: '含抓拍图', inClear: '明文', waits: '等待另一人批准', withdraw: '撤回', approve: '批准', refuse: '拒绝', why: '拒绝原因',
    states: { requested: '待批准', refused: '已拒绝', withdrawn: '已撤回', making: '生成中', ready: '可下载', failed: '生成失败', expired: '已过期' },
  },
  watch: {
    title: '布控', add: '申请布控', none: '没有布控', hint: '由另一人批准后生效，到期自动结束。报警里不出现车牌和姓名。', sort: '种类', sorts: { plate: '车牌', credential: '卡号', listed: '设备自带名单编号' }, case: '案件编号（可不填）', days: '天数（最多 90）', ask: '提交申请', all: '包括已结束的', end: '结束布控', asked: '{who} 申请于 {at}', approvedBy: '{who} 批准', refusedBy: '{who} 拒绝', until: '至 {at}', hits: '命中 {n} 次，最近 {at}',
    states: { requested: '待批准', active: '布控中', refused: '已拒绝', ended: '已结束' },
  },
  system: {
    title: '系统', counters: '累计', agents: '接入代理', dead: '死信', audit: '审计', deadHint: '无法读取、但已留存原因的消息', auditHint: '谁在何时做了什么', empty: '没有记录', whole: '审计链完整，{n} 条', broken: '审计链在第 {n} 条断裂', role: '需要{role}权限',
    at: '时间', actor: '人员', actionName: '动作', object: '对象', outcome: '结果', reason: '原因', detail: '说明', size: '大小', topic: '主题', lane: '通道',
    counter: { resident_reports: '居民随手拍', resident_refused: '随手拍超额拒收', platform_reports: '平台转办', stored: '已入库观测', duplicates: '识别出的重复', dead: '死信', declared_dropped: '已申报丢弃', late: '迟到', unknown_device: '未登记设备', rejected_signals: '拒收信号', unknown_agent: '未登记代理', unknown_command: '无主回执', deferred: '推迟处理', rule_errors: '规则出错', frames_seen: '已识别画面', frames_skipped: '跳过的画面', tracks: '收到的下落轨迹', listed_unknown: '未经批准的设备名单命中', telemetry_dropped: '丢弃的遥测点', telemetry_dropped_urgent: '丢弃的紧急遥测点', telemetry_refused: '被拒收的遥测点' },
  },
  problem: {
    title: '没有成功', unreachable: '连不上中枢', unreachableWay: '画面保留最后已知状态，正在自动重试。请检查网络，或看中枢是否在运行。',
    'point-visited': '这个点位刚被别人记录了，已显示最新情况',
    'mode-in-force': '这里刚刚转入了另一种状态，请看最新状态后再试',
    'login-refused': '用户名或密码不对', 'too-many-tries': '尝试次数过多，请稍后再试', 'not-logged-in': '登录已失效，请重新登录', forbidden: '你的角色不能做这件事', 'look-needed': '请先登记查看用途（登记 30 分钟内有效）', 'over-quota': '今天的查询已达到上限', 'wrong-password': '现在的密码不对', 'name-taken': '这个用户名已被使用', 'last-admin': '至少要保留一个能登录、管所有小区的管理员', 'stale-version': '别人刚刚改过，请看最新状态后再试', 'agent-away': '接入代理不在线，命令没有发出', 'not-a-photo': '这个文件不是可用的照片（JPEG 或 PNG）', 'photo-too-large': '照片太大', 'too-large': '文件太大', 'not-found': '找不到了，可能已被移除', conflict: '别人刚刚改过，请看最新状态后再试', 'not-allowed': '现在不能这样做', 'invalid-request': '填写有误', 'bad-request': '填写有误', unavailable: '中枢正忙，请稍后再试', busy: '登录的人太多，请稍候', csrf: '页面已过期，请刷新后再试', 'internal-error': '中枢内部出错，日志里有原因',
    code: '代码 {code}', load: '取数据时出了问题',
  },
  keys: { title: '键盘快捷键', move: '上一条 / 下一条报警', ack: '确认选中的报警', case: '立案或打开案件', mute: '静音 10 分钟 / 恢复', help: '打开或关闭本说明', escape: '关闭 / 返回列表' },
}

export type Messages = typeof zh
