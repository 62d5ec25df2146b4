// Shows the learner's own verdicts beside the text, while `cargo xtask book`
// serves it. The book is complete without this script.
//
// One tab of a browser holds the stream of news (a browser opens six connections
// to a server at most) and passes it on to the others. The news tell of programs
// that nobody vouches for: all of it goes into the page as text.
'use strict';

(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const build = document.querySelector('meta[name="on-the-wire-book"]').content;
  const channel = new BroadcastChannel('on-the-wire');

  // What is known; the tab with the stream sends it to the others as a whole.
  let state = nothing();
  let isLeader = false;

  function nothing() {
    return {
      connected: false,
      build: null,
      fault: null,
      finished: [],
      lessons: new Map(),
      judging: new Map(),
    };
  }

  // A change has the fields that are new; `null` takes a lesson away.
  function take(change) {
    for (const [field, value] of Object.entries(change)) {
      if (!(state[field] instanceof Map)) {
        state[field] = value;
        continue;
      }
      for (const [lesson, news] of Object.entries(value)) {
        if (news === null) state[field].delete(lesson);
        else state[field].set(lesson, news);
      }
    }
  }

  // ---- The stream, and the other tabs

  function lead() {
    isLeader = true;
    connect();
    // The lock is held until this page goes.
    return new Promise(() => {});
  }

  function connect() {
    const stream = new EventSource('/live/events');
    let silence;
    const tell = () => {
      clearTimeout(silence);
      silence = undefined;
      state.connected = true;
      channel.postMessage({ state });
      show();
    };
    stream.addEventListener('snapshot', (event) => {
      state = nothing();
      take(JSON.parse(event.data));
      tell();
    });
    stream.addEventListener('change', (event) => {
      take(JSON.parse(event.data));
      tell();
    });
    stream.addEventListener('error', () => {
      // The server may only have been started anew: no word of it for a moment.
      silence ??= setTimeout(() => {
        state.connected = false;
        channel.postMessage({ state });
        show();
      }, 3000);
      if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    });
  }

  channel.addEventListener('message', ({ data }) => {
    if (data.state && !isLeader) {
      state = data.state;
      show();
    } else if (data === 'what is new?' && isLeader && state.build !== null) {
      channel.postMessage({ state });
    }
  });

  function begin() {
    if (!navigator.locks) return lead();
    channel.postMessage('what is new?');
    return navigator.locks.request('on-the-wire', lead);
  }

  // A page that the browser has kept for "back" has missed what came meanwhile.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) channel.postMessage('what is new?');
  });

  // ---- The page as it was built

  function reloadWhereNew() {
    if (state.build === null || state.build === build) return false;
    // Once for each book: whatever is wrong, a page must not load for ever.
    if (sessionStorage.getItem('live-reloaded') === location.pathname + state.build) return false;
    sessionStorage.setItem('live-reloaded', location.pathname + state.build);
    sessionStorage.setItem('live-place', JSON.stringify([location.pathname, window.scrollY]));
    location.reload();
    return true;
  }

  function returnToPlace() {
    const [path, place] = JSON.parse(sessionStorage.getItem('live-place') ?? '[]');
    sessionStorage.removeItem('live-place');
    if (path !== location.pathname) return;
    const scroll = () => window.scrollTo({ top: place, behavior: 'instant' });
    scroll();
    window.addEventListener('load', scroll, { once: true });
  }

  // ---- Making elements

  function element(name, classes, ...content) {
    const made = document.createElement(name);
    if (classes) made.className = classes;
    made.append(...content);
    return made;
  }

  // Text with `code` in it.
  function prose(text) {
    const parts = text.split('`');
    return parts.map((part, index) => (index % 2 === 1 ? element('code', '', part) : part));
  }

  // Of the drawing only shapes and words are taken over, and of these no
  // attribute that could load or run anything.
  const SHAPES = ['svg', 'title', 'desc', 'rect', 'line', 'path', 'text'];
  const ATTRIBUTES = [
    'viewBox', 'width', 'height', 'role', 'aria-labelledby', 'id', 'class', 'text-anchor',
    'x', 'y', 'x1', 'y1', 'x2', 'y2', 'd',
  ];

  function copied(shape, depth) {
    if (shape.nodeType === Node.TEXT_NODE) return document.createTextNode(shape.data);
    const isKnown = shape.namespaceURI === SVG && SHAPES.includes(shape.localName);
    if (!isKnown || depth > 3) return document.createTextNode('');
    const copy = document.createElementNS(SVG, shape.localName);
    for (const name of ATTRIBUTES) {
      if (shape.hasAttribute(name)) copy.setAttribute(name, shape.getAttribute(name));
    }
    copy.append(...Array.from(shape.childNodes, (child) => copied(child, depth + 1)));
    return copy;
  }

  function drawing(source) {
    const { documentElement } = new DOMParser().parseFromString(source, 'image/svg+xml');
    if (documentElement.localName !== 'svg') return [];
    const figure = element('div', 'drawing', copied(documentElement, 0));
    // What scrolls sideways has to scroll by keyboard, too.
    figure.tabIndex = 0;
    figure.setAttribute('role', 'group');
    figure.setAttribute('aria-label', 'What happened on the wire');
    return [figure];
  }

  // ---- The panel of a lesson

  const STATES = new Map([
    ['passed', ['passed', 'passes']],
    ['failed', ['failed', 'fails']],
    ['not run', ['waiting', 'waits']],
    ['skipped', ['skipped', 'cannot be observed here']],
    ['broken', ['broken', 'broke down itself']],
  ]);

  function panel(section) {
    const own = {
      summary: element('p', 'live-summary'),
      now: element('p', 'live-now'),
      verdict: element('div', 'live-verdict'),
    };
    own.summary.setAttribute('aria-live', 'polite');
    const instead = section.querySelectorAll('.live-static');
    section.append(own.summary, own.now, own.verdict);
    let shown;
    return () => {
      const { lesson } = section.dataset;
      const verdict = state.lessons.get(lesson);
      say(own.summary, verdict ? summary(verdict) : '');
      say(own.now, now(state.judging.get(lesson)));
      for (const child of instead) child.hidden = Boolean(verdict);
      const text = JSON.stringify(verdict);
      if (text === shown) return;
      shown = text;
      const isOpen = own.verdict.querySelector('details')?.open ?? false;
      own.verdict.replaceChildren(...(verdict ? parts(verdict) : []));
      const details = own.verdict.querySelector('details');
      if (details) details.open = isOpen;
    };
  }

  // The same words again would be read out again.
  function say(place, words) {
    if (place.textContent !== words) place.textContent = words;
    place.hidden = words === '';
  }

  function summary(verdict) {
    if (verdict.build === 'failed') return 'Your program does not build.';
    const { checks, failure } = verdict;
    const passing = checks.filter(({ status }) => status === 'passed' || status === 'skipped');
    if (verdict.passed) return `Your program passes all ${checks.length} checks.`;
    const share = `${passing.length} of ${checks.length} checks pass.`;
    return failure ? `${share} The first that fails: ${failure.check}.` : share;
  }

  function now(judging) {
    if (!state.connected && state.build !== null) {
      return 'The server has ended. Run cargo xtask book again to see new verdicts here.';
    }
    if (!judging) return '';
    if (!judging.check) return 'Building your program …';
    const share = judging.of > 0 ? ` (${judging.known} of ${judging.of} are judged)` : '';
    return `Judging now: ${judging.check}${share} …`;
  }

  function parts({ build: outcome, why, checks, failure }) {
    const all = [];
    if (outcome === 'failed' && why) all.push(element('pre', '', why));
    if (checks.length > 0) all.push(element('ol', 'live-steps', ...checks.map(step)));
    if (failure) all.push(failed(failure));
    return all;
  }

  function step({ says, status, why }) {
    const [name, words] = STATES.get(status) ?? ['waiting', status];
    const told = why ? `${words} (${why})` : words;
    return element('li', name, element('span', 'live-state', told), ': ', ...prose(says));
  }

  function failed(failure) {
    const facts = element('dl', '');
    for (const name of ['expected', 'got', 'cause', 'place']) {
      if (failure[name]) facts.append(element('dt', '', name), element('dd', '', failure[name]));
    }
    const heading = element('h3', '', element('code', '', failure.check), ' fails');
    const box = element('div', 'live-failure', heading, facts);
    if (failure.pitfall) box.append(pitfall(failure.pitfall));
    if (failure.drawing) box.append(...drawing(failure.drawing));
    if (failure.sentences?.length > 0) {
      const lines = failure.sentences.map((sentence) => element('li', '', sentence));
      const summary = element('summary', '', 'The same in words');
      box.append(element('details', '', summary, element('ol', '', ...lines)));
    }
    return box;
  }

  function pitfall({ id, title, text, page }) {
    const name = prose(title || id);
    const link = element('a', '', ...name);
    if (/^[\w/-]+\.html#[\w-]+$/.test(page ?? '')) link.href = `/${page}`;
    return element('p', 'live-pitfall', link, ' ', ...prose(text));
  }

  // ---- The sidebar, and the foot of the page

  function showTicks() {
    const links = document.querySelectorAll('#mdbook-sidebar .chapter-item a[href]');
    for (const link of links) {
      const { pathname, hash } = new URL(link.href);
      const lesson = hash === '' ? pathname.slice(1).replace(/\.html$/, '') : '';
      const isFinished = state.finished.includes(lesson);
      const tick = link.querySelector('.live-tick');
      if (isFinished && !tick) {
        const sign = element('span', '', '✓');
        sign.setAttribute('aria-hidden', 'true');
        const words = element('span', 'live-words', ' finished');
        link.append(element('span', 'live-tick', sign, words));
      } else if (!isFinished) {
        tick?.remove();
      }
    }
  }

  function showFault() {
    document.querySelector('.live-fault')?.remove();
    if (state.fault === null) return;
    const what = 'The book does not build. You see it as it was before:';
    const text = element('pre', '', state.fault);
    document.body.append(element('div', 'live-fault', element('strong', '', what), text));
  }

  const panels = Array.from(document.querySelectorAll('section.live[data-lesson]'), panel);

  function show() {
    if (reloadWhereNew()) return;
    for (const panel of panels) panel();
    showTicks();
    showFault();
  }

  returnToPlace();
  begin();
})();
