/** What the page says, in both languages; the same keys in each. */
export const WORDS = {
  zh: {
    title: '随手拍', tabReport: '我要反映', tabFollow: '查进度', urgent: '着火、电梯困人、燃气泄漏、有人受伤：请先拨打 119、110 或 120。',
    site: '小区', category: '什么问题', what: '说说情况', photos: '照片（最多 4 张）', add: '添加', photoHint: '上传前会自动缩小，并去掉手机写进照片里的位置等信息。',
    place: '在哪里', phone: '手机号（可不填）', phoneHint: '只有需要联系你时才会查看，结案 30 天后删除。', send: '提交', sending: '正在提交…', privacy: '不需要登录，不使用 Cookie。',
    doneTitle: '已经收到', doneWhy: '请保存这个查询码，凭它查看进度、补充情况和评价。只有你有它，丢失后无法找回。', copy: '复制', copied: '已复制', look: '查看进度', again: '再反映一件',
    code: '查询码', find: '查询', number: '编号 {n}', answer: '补充情况或回答提问', answerSend: '发送', rate: '处理得怎么样？', stars: '{n} 星', result: '结果：{name}',
    needCategory: '请选择是什么问题。', needWhat: '请说说情况。',
    problems: {
      'too-many-tries': '提交得太频繁，请过一会儿再试。', 'too-large': '文件太大。', 'photo-too-large': '照片太大。', 'not-a-photo': '这个文件不是可用的照片。', 'not-found': '没有找到，请核对查询码。',
      busy: '现在提交的人很多，请稍后再试。', unavailable: '暂时无法提交，请稍后再试。', 'invalid-request': '填写有误，请检查。', 'not-allowed': '现在不能这样做。', unreachable: '网络不通，内容还在，请稍后再试。', other: '没有成功，请稍后再试。',
    },
  },
  en: {
    title: 'Report a problem', tabReport: 'Report', tabFollow: 'Follow up', urgent: 'Fire, somebody trapped, gas, an injury: call 119, 110 or 120 first.',
    site: 'Estate', category: 'What is it', what: 'What happens', photos: 'Photos (up to 4)', add: 'Add', photoHint: 'They are made smaller first, and the place that a phone writes into them is removed.',
    place: 'Where', phone: 'Phone (optional)', phoneHint: 'Looked at only to call you, and deleted 30 days after the case is closed.', send: 'Send', sending: 'Sending…', privacy: 'No login, no cookies.',
    doneTitle: 'We have got it', doneWhy: 'Keep this code: with it you follow the case, answer questions and rate. Nobody else has it, and it cannot be found again.', copy: 'Copy', copied: 'Copied', look: 'Follow it', again: 'Report another',
    code: 'Your code', find: 'Look it up', number: 'No. {n}', answer: 'Add something, or answer', answerSend: 'Send', rate: 'How was it handled?', stars: '{n} stars', result: 'Result: {name}',
    needCategory: 'Please say what it is.', needWhat: 'Please say what happens.',
    problems: {
      'too-many-tries': 'That was often; please try again later.', 'too-large': 'The file is too large.', 'photo-too-large': 'The photo is too large.', 'not-a-photo': 'This file is no photo that can be used.', 'not-found': 'Not found; please check the code.',
      busy: 'Many are reporting right now; please try again shortly.', unavailable: 'Not possible at the moment; please try again shortly.', 'invalid-request': 'Something is filled in wrongly.', 'not-allowed': 'That is not possible now.', unreachable: 'No connection. What you wrote is still here; try again.', other: 'That did not work; please try again later.',
    },
  },
}
