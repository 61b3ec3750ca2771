/* global document, fetch, FormData, history, location, URLSearchParams */
/** In the browser: takes the secret from behind the `#` and hands it to the hub's API, nowhere else. */
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
// Out of the address bar and the history, where somebody might look over a shoulder.
history.replaceState(null, '', location.pathname);

const element = (id) => document.getElementById(id);
const say = (text) => (element('message').textContent = text);

/** @returns {Promise<object>} the answer; what went wrong is said on the page */
async function ask(path, body) {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  const errors = (answer.errors ?? []).map(({ path, message }) => `${path.slice(1)} ${message}`);
  throw new Error([answer.title, ...errors].join('. '));
}

/** Shows the form, and does `work` once at a time. */
function onSubmit(form, work) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    say('');
    work(new FormData(form)).catch((error) => {
      say(error.message);
      button.disabled = false;
    });
  });
}

async function welcome(form) {
  const { email } = await ask('/api/welcome/invitation', { token });
  if (email) {
    form.elements.email.value = email;
    form.elements.email.readOnly = true;
  }
  onSubmit(form, async (fields) => {
    await ask('/api/welcome', { token, ...Object.fromEntries(fields) });
    location.assign('/');
  });
}

async function connect(form) {
  const { integration, name } = await ask(`/api/connect-links/${encodeURIComponent(token)}`);
  element('what').textContent =
    `${name ? `${name} asks` : 'You are asked'} to connect ${integration.name}: ${integration.description}`;
  form.querySelector('button').textContent = `Connect ${integration.name}`;
  onSubmit(form, async () => {
    const { authorization } = await ask(`/api/connect-links/${encodeURIComponent(token)}/connections`, {});
    location.assign(authorization.url);
  });
}

const form = element('welcome') ?? element('connect');
const begin = form.id === 'welcome' ? welcome : connect;
if (token === '') say('The address is incomplete: open the whole link.');
else begin(form).catch((error) => say(error.message));
