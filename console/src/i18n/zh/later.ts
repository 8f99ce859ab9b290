/** What waits on a telephone until there is a line, in Chinese. */
export const later = {
  later: {
    title: '待发送',
    short: '待发送',
    some: '{n} 条待发送',
    none: '全部已发送',
    hint: '没有信号时，上报和巡查点位先存在这台手机上；有信号后自动发送，只发一次。发送前请不要清除浏览器数据。',
    waits: '等待信号',
    sending: '正在发送…',
    now: '现在发送',
    drop: '放弃',
    photos: '{n} 张照片',
    kept: '没有信号，已存在手机上，有信号后自动发送',
    kind: {
      case: '上报案件',
      visit: '巡查点位',
    },
  },
}
