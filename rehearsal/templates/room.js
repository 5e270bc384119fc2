'use strict';
// Follows the rehearsal as the server tells of it, and tells the server what the person does.

const find = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// What is on the page becomes what the server drew; whatever is the same already is not touched

/** What makes a node the same one as before, whatever it says now. */
const key = ({ id, dataset = {} }) => dataset.key || id || (dataset.block && `block ${dataset.block}`) || '';
const alike = (old, fresh) => old.nodeName === fresh.nodeName && key(old) === key(fresh);

const TYPED = 'textarea, input:not([type=checkbox], [type=radio])';

function patch(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
  } else if (!isToStay(old, fresh)) {
    patchAttributes(old, fresh);
    patchChildren(old, fresh);
  }
}

/** Whether it is drawn the same, is the script's own, or is being typed in. */
function isToStay(old, fresh) {
  const same = old.dataset.fingerprint && old.dataset.fingerprint === fresh.dataset.fingerprint;
  return same || 'own' in old.dataset || (old === document.activeElement && old.matches(TYPED));
}

function patchAttributes(old, fresh) {
  if (old.nodeName === 'TEXTAREA' && old.defaultValue !== fresh.defaultValue) old.value = fresh.defaultValue;
  for (const name of new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()])) {
    const isTheirs = name === 'open' && old.matches('details, dialog');
    const value = fresh.getAttribute(name);
    if (old.getAttribute(name) === value || isTheirs) continue;
    if (value === null) old.removeAttribute(name);
    else old.setAttribute(name, value);
    if (name === 'value' && old.nodeName === 'INPUT') old.value = value ?? '';
    if (name === 'checked' || name === 'selected') old[name] = value !== null;
  }
}

function patchChildren(old, fresh) {
  const wanted = new Set([...fresh.children].map(key));
  const known = new Map([...old.children].filter(key).map((child) => [key(child), child]));
  for (const [name, child] of known) if (!wanted.has(name)) child.remove();
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const name = key(next);
    // Moving what is focused would take the focus away, so whatever stands before it goes instead.
    while (name && known.has(name) && at && !key(at)) at = drop(at);
    const same = name ? known.get(name) : at;
    if (!same || !alike(same, next)) { old.insertBefore(next, at); continue; }
    if (same === at) at = at.nextSibling;
    else old.insertBefore(same, at);
    patch(same, next);
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

// The regions

const drawn = new Map();

function draw({ id, html }) {
  if (drawn.get(id) === html) return;
  drawn.set(id, html);
  const fresh = document.createElement('template');
  fresh.innerHTML = html;
  const place = whereabouts();
  const settle = AFTER[id]?.();
  patchChildren(find(`#${id}`), fresh.content);
  settle?.();
  comeBack(place);
}

/** What is looked at before a region is drawn, and done afterwards. */
const AFTER = { conversation: keepPlace, modal: keepModal, composer: () => showDraft };

const blockOf = (control) => control.closest('[data-block]')?.dataset.block;

/** Where the person is, so that they can come back there when it is drawn anew. */
function whereabouts() {
  const found = document.activeElement ?? document.body;
  const [surface, inside] = ['[data-on]', '.scroll, main'].map((each) => found.closest(each)?.id);
  return { found, surface, inside, block: blockOf(found), ...found.dataset };
}

/** Whoever has lost the focus gets it back where it was, or as near as there is something left to focus. */
function comeBack({ found, surface, inside, block, action, value }) {
  if (found === document.body || document.activeElement !== document.body) return;
  const around = surface && document.getElementById(surface);
  const isSame = (each) => each.dataset.action === action && each.dataset.value === value && blockOf(each) === block;
  const same = action && all('[data-action]', around ?? document).findLast(isSame);
  const next = around && find('[data-action]:enabled', around);
  const left = [found.isConnected && found, same, next, around, inside && document.getElementById(inside)];
  for (const each of [...left, find('main')]) {
    if (each && document.activeElement === document.body) each.focus({ preventScroll: true });
  }
}

const talk = () => find('#conversation [role=log]');
const isAtEnd = (place) => place.scrollHeight - place.scrollTop - place.clientHeight < 48;
const newest = (place) => all('article:not(.reply)', place).at(-1)?.id;

function keepPlace() {
  const before = talk();
  const [stays, last] = [before && isAtEnd(before), before && newest(before)];
  return () => {
    const now = talk();
    if (!now) return;
    if (now !== before || stays) toEnd();
    else if (newest(now) !== last) find('#newer').hidden = false;
  };
}

function toEnd() {
  const place = talk();
  if (!place) return;
  place.scrollTop = newest(place) ? place.scrollHeight : 0;
  find('#newer').hidden = true;
}

let opener;

/** Whoever is in a modal stays in it; when the last one is gone they are back where they pressed. */
function keepModal() {
  if (!find('#dialog')) opener = whereabouts();
  return () => {
    showModal();
    if (!find('#dialog') && opener) comeBack(opener);
  };
}

const FIELDS = ':is(input, select, textarea):enabled';

function showModal() {
  const dialog = find('#dialog');
  if (!dialog) return;
  const wrong = find('[aria-invalid="true"]', dialog);
  // Who waited in the modal until its fields came has the focus where nothing can be written.
  if (dialog.open && find(wrong ? ':focus:not([data-submit], .inside)' : ':focus:not(.inside)', dialog)) return;
  if (!dialog.open) dialog.showModal();
  const field = wrong?.matches(FIELDS) ? wrong : find(FIELDS, wrong ?? find('.message', dialog));
  const chosen = field?.type === 'radio' && all('input:checked', dialog).find(({ name }) => name === field.name);
  // Without a field nothing is pressed by chance: what the modal says is focused, and the buttons come after it.
  (chosen || field || find('.inside', dialog)).focus();
}

// What the server says

let source;
let silence;
let here = location.search;

function listen() {
  source?.close();
  source = new EventSource(`/events${location.search}`);
  source.addEventListener('region', (event) => draw(JSON.parse(event.data)));
  source.addEventListener('open', () => { clearTimeout(silence); silence = null; drawn.clear(); });
  source.addEventListener('error', () => { silence ??= setTimeout(sayEnded, 3000); });
}

function sayEnded() {
  const words = document.createElement('p');
  words.className = 'notice';
  words.textContent = 'The rehearsal has ended. Start it again, and this page goes on.';
  find('#trouble').replaceChildren(words);
  silence = setTimeout(() => { silence = null; listen(); }, 3000);
}

function go(query) {
  history.pushState(null, '', query);
  arrive();
}

function arrive() {
  const [before, now] = [here, location.search].map((query) => new URLSearchParams(query));
  here = location.search;
  if (['as', 'in'].some((name) => before.get(name) !== now.get(name))) openDrawer(null);
  listen();
}

// What the person says

/** Send something; the answer may be a sentence to show and a place to go to. */
async function send(path, body) {
  const request = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const answer = await (await fetch(path, request)).json();
    if (answer.said) toast(answer.said, answer.ok);
    if (answer.go) go(answer.go);
  } catch {
    toast('The rehearsal does not answer.', false);
  }
}

/** Who one is and where, as the server says it: it need not show every place to everybody. */
const standpoint = () => Object.fromEntries(new FormData(find('#people form')));

function act(what) {
  const { as, in: place } = standpoint();
  return send('/act', { as, in: place, ...what });
}

let fading;

/** Say something for a while; over a modal inside of it, since nothing else is seen or read aloud then. */
function toast(words, isWell) {
  const place = find('#dialog[open] .toast') ?? find('#toast');
  place.textContent = words;
  place.classList.toggle('wrong', !isWell);
  clearTimeout(fading);
  fading = setTimeout(() => { place.textContent = ''; }, 4000 + 60 * words.length);
}

/** Whether the person means it; asked only where the control says so. */
function isMeant({ confirmTitle, confirmText, confirmYes, confirmNo, confirmDanger }) {
  if (!confirmTitle && !confirmText) return true;
  const dialog = find('#confirm');
  const words = { h2: confirmTitle, p: confirmText, '[value=yes]': confirmYes || 'Yes', '[value=no]': confirmNo || 'No' };
  for (const [selector, text] of Object.entries(words)) find(selector, dialog).textContent = text;
  find('[value=yes]', dialog).classList.toggle('danger', confirmDanger !== undefined);
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

/** Do something while a control shows that it is busy; a second press waits for the first. */
async function busily(control, work) {
  if (control.ariaBusy === 'true') return;
  control.ariaBusy = 'true';
  if (await isMeant(control.dataset)) await work();
  control.ariaBusy = null;
}

/** What a control holds: a text, a list, or null where it is empty. */
function held(control) {
  const ticked = all('input:checked', control).map((each) => each.value);
  if (control.dataset.kind === 'checkboxes') return ticked;
  if (control.dataset.kind === 'radio_buttons') return ticked[0] ?? null;
  if (control.multiple) return [...control.selectedOptions].map((each) => each.value);
  return control.value === '' ? null : control.value;
}

/** Every field of a surface, by its block and action. */
function fields(surface) {
  const found = {};
  for (const control of all('[data-block] [data-action]', surface)) {
    const isInGroup = control.parentElement.closest('[data-action]');
    if (!isInGroup && !control.matches('button, a')) (found[blockOf(control)] ??= {})[control.dataset.action] = held(control);
  }
  return found;
}

/** Where a control stands and what it is, as the server wants to hear it. */
function aim(control) {
  const surface = control.closest('[data-on]');
  const { on, ts, view = null } = surface.dataset;
  const { action, value = null } = control.dataset;
  const where = on === 'message' ? { ts, private: surface.dataset.private === 'true' } : { view, fields: fields(surface) };
  return { on, ...where, block: blockOf(control) ?? null, action, value };
}

function press(button) {
  const isChoice = button.dataset.kind === 'overflow';
  if (isChoice) button.closest('details').open = false;
  const what = isChoice ? { do: 'choose', chosen: button.dataset.value ?? null } : { do: 'press' };
  return busily(button, () => act({ ...what, ...aim(button) }));
}

const choose = (control) => act({ do: 'choose', ...aim(control), chosen: held(control) });
const closeModal = (dialog, everything) => act({ do: 'close', view: dialog.dataset.view, all: everything });

function submit(dialog) {
  const button = find('[data-submit]', dialog);
  if (button) busily(button, () => act({ do: 'submit', view: dialog.dataset.view, fields: fields(dialog) }));
}

// The composer: what was begun is kept for whoever would say it, and where

const drafts = new Map();
const draft = () => `${standpoint().as} ${standpoint().in}`;
const options = () => all('#suggestions li:not([hidden])');
const active = () => options().find((each) => each.ariaSelected === 'true');

function showDraft() {
  const text = find('#text');
  if (text && !text.value) text.value = drafts.get(draft()) ?? '';
  if (text) suggest();
}

function write(words) {
  find('#text').value = words;
  drafts.set(draft(), words);
  suggest();
}

function suggest() {
  const text = find('#text');
  const typed = text.value.trimStart().toLowerCase();
  const isAsked = typed.startsWith('/') && document.activeElement === text;
  for (const each of all('#suggestions li')) each.hidden = !isAsked || !each.dataset.words.startsWith(typed);
  const isOpen = options().length > 0;
  find('#suggestions').hidden = !isOpen;
  text.ariaExpanded = String(isOpen);
  activate(active() ?? options()[0]);
}

function activate(option) {
  for (const each of all('#suggestions li')) each.ariaSelected = String(each === option);
  option?.scrollIntoView({ block: 'nearest' });
  find('#text').setAttribute('aria-activedescendant', option?.id ?? '');
}

function closeSuggestions() {
  for (const each of all('#suggestions, #suggestions li')) each.hidden = true;
  find('#text').ariaExpanded = 'false';
  activate();
}

function move(step) {
  const shown = options();
  activate(shown.at((shown.indexOf(active()) + step) % shown.length));
}

function onComposerKey(event) {
  const option = active();
  if (!option || event.shiftKey) return;
  const isWhole = option.dataset.words === event.target.value.trim();
  const complete = isWhole ? null : () => write(`${option.dataset.words} `);
  const keys = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: closeSuggestions, Tab: complete, Enter: complete };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

function say() {
  const text = find('#text').value.trim();
  if (!text) return;
  write('');
  toEnd();
  act({ do: text.startsWith('/') ? 'command' : 'say', text });
}

function reply(form) {
  const { text } = form.elements;
  const words = text.value.trim();
  if (!words) return;
  text.value = '';
  act({ do: 'say', text: words, thread: form.closest('[data-ts]').dataset.ts });
}

/** Show a message that is pinned, unless it is too old to be on the page. */
function goToPinned({ dataset }) {
  const message = document.getElementById(dataset.goto);
  find('.pins').open = false;
  if (!message) { toast('This message is older than those that are shown.', false); return; }
  const thread = message.parentElement.closest('.thread');
  if (thread) thread.open = true;
  message.scrollIntoView({ block: 'center' });
  message.focus({ preventScroll: true });
}

// The clock, the faults and the drawers

function turn(control) {
  const { clock, at } = control.dataset;
  const speed = control.value === '' ? null : Number(control.value);
  return busily(control, () => {
    closeMoments();
    return send('/clock', { do: clock, ...(at && { at }), ...(clock === 'speed' && { speed }) });
  });
}

function closeMoments() {
  const moments = find('.goto');
  if (moments.open && find(':focus', moments)) find('summary', moments).focus();
  moments.open = false;
}

function turnTo(form) {
  closeMoments();
  send('/clock', { do: 'go', wall: form.elements.wall.value });
  form.reset();
}

function fault(button) {
  const { fault: kind, channel } = button.dataset;
  return busily(button, () => send('/fault', { do: kind, ...(channel && { channel }) }));
}

function openDrawer(name) {
  const left = document.body.dataset.drawer;
  if (left && !name && find(`#${left} :focus`)) find(`.toggle[data-drawer="${left}"]`).focus();
  document.body.dataset.drawer = name ?? '';
  for (const each of all('.toggle')) each.ariaExpanded = String(each.dataset.drawer === name);
}

// The hand

const CLICKS = {
  'a[href^="/?"]': (link) => go(link.getAttribute('href')),
  'button[data-action]': press,
  '[data-close]': (button) => closeModal(find('#dialog'), button.dataset.close === 'all'),
  'button[data-clock]': turn,
  'button[data-fault]': fault,
  'button[data-goto]': goToPinned,
  '#newer': () => { toEnd(); talk().focus(); },
  '.toggle': ({ dataset }) => openDrawer(document.body.dataset.drawer === dataset.drawer ? null : dataset.drawer),
  '#suggestions li': (option) => write(`${option.dataset.words} `),
};

function onClick(event) {
  if (!event.target.closest('.goto, #confirm')) closeMoments();
  const selector = Object.keys(CLICKS).find((each) => event.target.closest(each));
  const found = selector && event.target.closest(selector);
  if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (found.matches('a')) event.preventDefault();
  CLICKS[selector](found);
}

function onChange({ target }) {
  if (target.matches('select[data-clock]')) turn(target);
  else if (target.id === 'as') go(`/?${new URLSearchParams(new FormData(target.form))}`);
  else if (target.closest('[data-tells]')) choose(target.closest('[data-action][data-kind]'));
}

function onSubmit(event) {
  const form = event.target;
  if (form.method === 'dialog') return;
  event.preventDefault();
  if (form.closest('#dialog')) submit(form.closest('#dialog'));
  else if (form.matches('.in-thread')) reply(form);
  else if (form.matches('.compose')) say();
  else turnTo(form);
}

function onKey(event) {
  if (event.target.id === 'text') onComposerKey(event);
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  closeMoments();
  openDrawer(null);
}

/** Escape asks to close the modal; whether it closes is for the server to say. */
function onCancel(event) {
  if (event.target.id !== 'dialog') return;
  event.preventDefault();
  closeModal(event.target, false);
}

const on = (name, work, ...more) => document.addEventListener(name, work, ...more);
const inComposer = (work) => (event) => { if (event.target.id === 'text') work(event); };

on('click', onClick);
on('change', onChange);
on('submit', onSubmit);
on('keydown', onKey);
on('cancel', onCancel, true);
on('input', inComposer((event) => write(event.target.value)));
on('focusin', inComposer(suggest));
on('focusout', inComposer(closeSuggestions));
on('mousedown', (event) => { if (event.target.closest('#suggestions')) event.preventDefault(); });
on('toggle', ({ target }) => { if (target.matches('.thread[open]')) target.scrollIntoView({ block: 'nearest' }); }, true);
on('scroll', ({ target }) => { if (target === talk() && isAtEnd(target)) toEnd(); }, true);
addEventListener('popstate', arrive);
document.documentElement.classList.add('lively');
toEnd();
showModal();
listen();
