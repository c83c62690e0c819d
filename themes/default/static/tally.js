// The on-site tally without a new page after each tap, and through a dead spot:
// taps wait on this phone, in order, until they are sent. Each carries a key of
// its own, so sending one twice counts once. Without this file the same buttons
// send the form.
const form = document.querySelector('form[data-tally]')
if (form) {
  const store = 'tally ' + form.getAttribute('action')
  const note = document.getElementById('tally-note')
  const total = document.getElementById('tally-total')
  const undo = form.querySelector('button[name=undo]')
  const taps = [...form.querySelectorAll('button[name=tap]')]
  const kind = button => button.value.slice(button.value.indexOf('|'))
  const done = [] // buttons tapped on this page, last at the end
  let queue = []
  let busy = false
  try { queue = JSON.parse(localStorage.getItem(store)) || [] } catch { /* no store: taps live as long as the page */ }

  const keep = () => {
    try { localStorage.setItem(store, JSON.stringify(queue)) } catch { /* see above */ }
    note.textContent = queue.length ? '有 ' + queue.length + ' 下还没有传上去，有网就会自己传' : ''
  }
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('')
  const count = button => Number(button.querySelector('b')?.textContent || 0)
  const add = (button, n) => {
    let b = button.querySelector('b')
    if (!b) {
      b = document.createElement('b')
      button.append(' ', b)
    }
    b.textContent = Math.max(0, count(button) + n) || ''
    const sums = [...form.querySelectorAll('fieldset')].map(f => [...f.querySelectorAll('button')].reduce((sum, x) => sum + count(x), 0))
    total.textContent = sums[0] + ' 人次咨询，' + sums[1] + ' 份文书'
  }
  const send = async () => {
    if (busy) return
    busy = true
    while (queue.length) {
      let answer
      try {
        answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams([queue[0]]), redirect: 'manual' })
      } catch { break }
      if (answer.status === 429 || answer.status >= 500) break
      queue.shift()
      keep()
      if (answer.status >= 400) note.textContent = '有一下没有记上，请刷新页面看看'
    }
    busy = false
  }

  form.addEventListener('submit', event => {
    const button = event.submitter
    if (button === undo && !done.length) return // of an earlier page: the server knows which
    event.preventDefault()
    if (button === undo) {
      add(done.pop(), -1)
      queue.push(['undo', fresh()])
    } else {
      add(button, 1)
      done.push(button)
      queue.push(['tap', fresh() + kind(button)])
    }
    keep()
    send()
  })
  for (const [name, value] of queue) { // taps of before, not sent yet
    const button = name === 'tap' && taps.find(b => kind(b) === value.slice(value.indexOf('|')))
    if (button) add(button, 1)
  }
  keep()
  send()
  addEventListener('online', send)
  setInterval(send, 10000)
}
