/** The residents' page: report, follow, answer, rate. Texts go in as text, never as HTML. */
import { WORDS } from './words.js'

const LONGEST_PX = 1920
const MOST_PHOTOS = 4
const $ = (id) => document.getElementById(id)
const given = new URLSearchParams(location.search) // ?site=…&place=… of a QR code on the wall

let language = navigator.language.startsWith('en') ? 'en' : 'zh'
let form = { sites: [], categories: [] }
let photos = []
let key = newKey()
let shown = null // the status on screen, with its code

/** Drawn once for each report: sent again with it, it is the same report. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function say(name, more = {}) {
  return Object.entries(more).reduce((text, [what, value]) => text.replace(`{${what}}`, value), WORDS[language][name])
}

function element(tag, text, className = '') {
  const made = document.createElement(tag)
  made.textContent = text
  made.className = className
  return made
}

function when(at) {
  const format = { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false }
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', format).format(at)
}

async function ask(method, path, body) {
  const json = body !== undefined && !(body instanceof Blob)
  const headers = json ? { 'Content-Type': 'application/json' } : {}
  const init = { method, headers, body: json ? JSON.stringify(body) : body, credentials: 'omit', cache: 'no-store' }
  const answer = await fetch(path, init).catch(() => null)
  if (answer?.ok) return answer.json()
  const problem = (await answer?.json().catch(() => null)) ?? {}
  throw new Error(answer ? problem.code ?? 'other' : 'unreachable')
}

function tell(place, error) {
  const known = WORDS[language].problems
  place.hidden = !error
  place.textContent = error ? known[error.message] ?? error.said ?? known.other : ''
  if (error) place.scrollIntoView({ block: 'nearest' })
}

function needed(text) {
  return Object.assign(new Error(text), { said: text })
}

// --- what is on the page ---------------------------------------------------------------------

function draw() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = say('title')
  $('language').textContent = language === 'zh' ? 'English' : '中文'
  $('language').lang = language === 'zh' ? 'en' : 'zh-CN'
  for (const one of document.querySelectorAll('[data-say]')) one.textContent = say(one.dataset.say)
  drawChoices()
  if (shown) drawStatus()
}

function drawChoices() {
  const site = chosenSite()
  $('estate').textContent = site?.name[language] ?? ''
  $('site-field').hidden = form.sites.length < 2
  $('site').replaceChildren(...form.sites.map((one) => Object.assign(element('option', one.name[language]), { value: one.id, selected: one.id === site?.id })))
  const chosen = document.querySelector('[name=category]:checked')?.value
  $('categories').replaceChildren(...form.categories.map((one) => tile(one, one.id === chosen)))
  $('buildings').replaceChildren(...(site?.buildings ?? []).map((one) => building(one.name[language])))
}

function chosenSite() {
  return form.sites.find((one) => one.id === ($('site').value || given.get('site'))) ?? form.sites[0]
}

function tile(category, checked) {
  const label = element('label', '')
  label.append(Object.assign(document.createElement('input'), { type: 'radio', name: 'category', value: category.id, checked }), element('span', category.name[language]))
  return label
}

function building(name) {
  const button = element('button', name)
  button.type = 'button'
  button.onclick = () => {
    $('place').value = name + ' '
    $('place').focus()
  }
  return button
}

function open(name) {
  for (const part of ['report', 'done', 'follow']) $(part).hidden = part !== name
  $('tab-report').setAttribute('aria-pressed', String(name !== 'follow'))
  $('tab-follow').setAttribute('aria-pressed', String(name === 'follow'))
  scrollTo({ top: 0 })
}

// --- photos ----------------------------------------------------------------------------------

/** Smaller, upright, and without what the telephone wrote into it. */
async function shrink(file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!image) throw new Error('not-a-photo')
  const scale = Math.min(1, LONGEST_PX / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(image.width * scale))
  canvas.height = Math.max(1, Math.round(image.height * scale))
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
}

async function addPhotos(files) {
  tell($('report-problem'), null)
  for (const file of [...files].slice(0, MOST_PHOTOS - photos.length)) {
    try {
      await addPhoto(await shrink(file))
    } catch (error) {
      tell($('report-problem'), error)
    }
  }
}

async function addPhoto(body) {
  const item = element('li', '', 'sending')
  const image = Object.assign(new Image(), { src: URL.createObjectURL(body), alt: '' })
  const drop = Object.assign(element('button', '×'), { type: 'button', ariaLabel: '×' })
  item.append(image, drop)
  $('photos').lastElementChild.before(item)
  try {
    const { photo } = await ask('POST', `/api/photos?site=${encodeURIComponent(chosenSite().id)}`, body)
    photos.push(photo)
    item.classList.remove('sending')
    drop.onclick = () => {
      photos = photos.filter((one) => one !== photo)
      removePhoto(item)
    }
  } catch (error) {
    removePhoto(item)
    throw error
  }
  $('photos').lastElementChild.hidden = photos.length >= MOST_PHOTOS
}

function removePhoto(item) {
  URL.revokeObjectURL(item.querySelector('img').src)
  item.remove()
  $('photos').lastElementChild.hidden = photos.length >= MOST_PHOTOS
}

// --- report ----------------------------------------------------------------------------------

async function send(event) {
  event.preventDefault()
  const category = document.querySelector('[name=category]:checked')?.value
  const what = $('what').value.trim()
  if (!category) return tell($('report-problem'), needed(say('needCategory')))
  if (what.length < 2) return tell($('report-problem'), needed(say('needWhat')))
  $('send').disabled = true
  $('send').textContent = say('sending')
  const body = { key, site: chosenSite().id, category, what, place: $('place').value.trim(), phone: $('phone').value.trim(), photos }
  try {
    const { code } = await ask('POST', '/api/reports', body)
    tell($('report-problem'), null)
    $('code').textContent = code
    open('done')
  } catch (error) {
    tell($('report-problem'), error)
  }
  $('send').disabled = false
  $('send').textContent = say('send')
}

function again() {
  key = newKey()
  photos = []
  for (const item of document.querySelectorAll('#photos li:not(:last-child)')) removePhoto(item)
  $('report').reset()
  open('report')
}

// --- follow ----------------------------------------------------------------------------------

async function look(code, path = '/api/status', more = {}) {
  try {
    shown = { code, status: await ask('POST', path, { code, ...more }) }
    tell($('find-problem'), null)
    drawStatus()
    return true
  } catch (error) {
    tell($('find-problem'), error)
    return false
  }
}

function drawStatus() {
  const { status } = shown
  $('status').hidden = false
  $('number').textContent = `${status.category[language]} · ${say('number', { n: status.number })}`
  $('state').textContent = status.state_name[language]
  $('resolution').textContent = status.resolution ? say('result', { name: status.resolution[language] }) : ''
  $('steps').replaceChildren(...status.steps.map((step) => timed('li', step.name[language], step.at)))
  $('said').replaceChildren(...status.said.map((one) => timed('div', one.text, one.at, one.own ? 'talk own' : 'talk')))
  $('rate').hidden = !status.may_rate
  $('rated').textContent = status.rating ? '★'.repeat(status.rating) + '☆'.repeat(5 - status.rating) : ''
  $('stars').replaceChildren(...[1, 2, 3, 4, 5].map(star))
}

function timed(tag, text, at, className = '') {
  const made = element(tag, '', className)
  made.append(element('span', text), element('time', when(at)))
  return made
}

function star(count) {
  const button = Object.assign(element('button', `${count} ★`), { type: 'button', ariaLabel: say('stars', { n: count }) })
  button.onclick = () => look(shown.code, '/api/rating', { rating: count })
  return button
}

async function answer(event) {
  event.preventDefault()
  const text = $('words').value.trim()
  if (text && (await look(shown.code, '/api/answer', { text }))) $('words').value = ''
}

// --- beginning -------------------------------------------------------------------------------

$('language').onclick = () => {
  language = language === 'zh' ? 'en' : 'zh'
  draw()
}
$('tab-report').onclick = () => open('report')
$('tab-follow').onclick = () => open('follow')
$('site').onchange = drawChoices
$('photo').onchange = async ({ target }) => {
  await addPhotos([...target.files])
  target.value = ''
}
$('report').onsubmit = send
$('again').onclick = again
$('copy').onclick = async () => {
  await navigator.clipboard?.writeText($('code').textContent)
  $('copy').textContent = say('copied')
}
$('look').onclick = () => {
  $('typed').value = $('code').textContent
  open('follow')
  void look($('code').textContent)
}
$('find').onsubmit = (event) => {
  event.preventDefault()
  void look($('typed').value.trim())
}
$('answer').onsubmit = answer
$('place').value = given.get('place') ?? ''
draw()
try {
  form = await ask('GET', '/api/form')
  drawChoices()
} catch (error) {
  tell($('report-problem'), error)
}
