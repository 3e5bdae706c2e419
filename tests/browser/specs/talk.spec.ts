import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';
import { PHONE } from '../support/person.ts';
import type { Server } from '../support/server.ts';

/** As long as a client may wait between two tries to reconnect, and a little. */
const RECONNECT_MS = 60_000;

type Arrive = (options?: { readonly wallet?: boolean } & typeof PHONE) => Promise<Person>;

/** Mira with a wallet, Jonas with a key on his device, in their direct conversation. */
async function meet(arrive: Arrive, jonasOn = {}): Promise<{ mira: Person; jonas: Person }> {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.rename('Mira Oduya');
  const jonas = await arrive(jonasOn);
  await jonas.signInWithNewKey();
  await jonas.rename('Jonas Pell');
  await mira.writeTo('Jonas');
  await mira.say('Shall we go at nine?');
  await jonas.openConversation('Mira Oduya');
  await jonas.sees('Shall we go at nine?');
  return { mira, jonas };
}

/** Cuts the network of one browser, the open connection included. */
async function cutOff(person: Person): Promise<void> {
  await person.context.setOffline(true);
}

async function back(person: Person): Promise<void> {
  await person.context.setOffline(false);
}

async function restart(server: Server): Promise<void> {
  await server.kill();
  await server.start();
}

test('two people sign in, one with a wallet and one with a device key, and talk', async ({ arrive }) => {
  const { mira, jonas } = await meet(arrive);
  await jonas.say('Nine is good.');
  await mira.sees('Nine is good.');
  await expect(jonas.glass('Nine is good.')).toHaveAccessibleName(/^Read/);

  await mira.message('Nine is good.').hover();
  await mira.message('Nine is good.').getByRole('button', { name: 'Reply' }).click();
  await mira.say('Then at the quay.');
  await expect(jonas.message('Then at the quay.').locator('.quote')).toContainText('Nine is good.');

  await jonas.message('Then at the quay.').hover();
  await jonas.message('Then at the quay.').getByRole('button', { name: 'React with 👍' }).click();
  await expect(mira.message('Then at the quay.').getByRole('button', { name: '👍, 1' })).toBeVisible();

  await mira.composer.focus();
  await mira.page.keyboard.press('ArrowUp');
  await mira.composer.fill('Then at the old quay.');
  await mira.page.keyboard.press('Enter');
  await expect(jonas.message('Then at the old quay.')).toContainText('edited');

  await mira.message('Shall we go at nine?').click({ button: 'right' });
  await mira.page.getByRole('menuitem', { name: 'Delete' }).click();
  await mira.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(jonas.page.getByText('Message deleted by its author')).toBeVisible();
});

test('unread counts and typing show in the list of somebody who looks elsewhere', async ({ arrive }) => {
  const { mira, jonas } = await meet(arrive);
  await expect(mira.glass('Shall we go at nine?')).toHaveAccessibleName(/^Read/);
  await jonas.page.goto(`${jonas.url}/settings/appearance`);
  await jonas.page.getByRole('button', { name: 'Back to chats' }).click();
  await mira.say('One');
  await mira.say('Two');
  await expect(jonas.row('Mira Oduya')).toHaveAccessibleName(/2 unread/);
  // Longer than the three seconds between two notices of typing.
  await mira.composer.pressSequentially('Three and four', { delay: 400 });
  await expect(jonas.row('Mira Oduya')).toContainText('typing');
  await jonas.openConversation('Mira Oduya');
  await expect(jonas.page.getByRole('separator', { name: '2 new messages' })).toBeVisible();
  await expect(mira.glass('Two')).toHaveAccessibleName(/^Read/);
});

test('what is written without a network waits and goes out by itself', async ({ arrive }) => {
  const { mira, jonas } = await meet(arrive);
  await cutOff(mira);
  await mira.say('Written on the boat');
  await expect(mira.glass('Written on the boat')).toHaveAccessibleName(/Waiting|Sending/);
  await expect(mira.page.getByText(/You’re offline|Reconnecting/)).toBeVisible();
  await jonas.say('Meanwhile on land');
  await expect(mira.message('Meanwhile on land')).toHaveCount(0);
  await back(mira);
  await jonas.sees('Written on the boat');
  await mira.sees('Meanwhile on land');
  await expect(mira.glass('Written on the boat')).toHaveAccessibleName(/Stored|Delivered|Read/);
  await expect(mira.message('Written on the boat')).toHaveCount(1);
});

test('the server is killed in the middle; both go on without a reload and nothing is lost', async ({ arrive, server }) => {
  const { mira, jonas } = await meet(arrive);
  await mira.say('Before the storm');
  await jonas.sees('Before the storm');
  await server.kill();
  await mira.say('In the storm');
  await expect(mira.glass('In the storm')).toHaveAccessibleName(/Waiting|Sending/);
  await server.start();
  await jonas.sees('In the storm', RECONNECT_MS);
  await jonas.say('After the storm');
  await mira.sees('After the storm', RECONNECT_MS);
  await restart(server);
  await mira.say('Still here');
  // On a quick machine the client may be back before anybody could ask it to try.
  const tryNow = mira.page.getByRole('button', { name: 'Try now' });
  await expect(async () => {
    if (await tryNow.isVisible()) await tryNow.click({ timeout: 1_000 });
    await expect(mira.glass('Still here')).toHaveAccessibleName(/Stored|Delivered|Read/, { timeout: 1_000 });
  }).toPass({ timeout: RECONNECT_MS });
  await jonas.sees('Still here', RECONNECT_MS);
  for (const text of ['Before the storm', 'In the storm', 'After the storm', 'Still here']) await expect(mira.message(text)).toHaveCount(1);
});

test('a reload keeps one signed in and where one was', async ({ arrive }) => {
  const { mira, jonas } = await meet(arrive);
  await mira.page.reload();
  await mira.sees('Shall we go at nine?');
  await jonas.say('Welcome back');
  await mira.sees('Welcome back');
});

test('on a phone: list, conversation and back, with sheets for menus', async ({ arrive }) => {
  const { mira, jonas } = await meet(arrive, PHONE);
  await jonas.say('From the phone');
  await mira.sees('From the phone');
  await jonas.page.getByRole('button', { name: 'Back' }).click();
  await expect(jonas.row('Mira Oduya')).toBeVisible();
  await expect(jonas.page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
  const overflow = await jonas.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(overflow).toBe(false);
  await jonas.openConversation('Mira Oduya');
  await jonas.page.getByRole('button', { name: 'About this conversation' }).click();
  await expect(jonas.page.getByRole('complementary', { name: 'About this conversation' })).toBeVisible();
});

test('somebody new on a phone sees what to do first, and the list says when the network is gone', async ({ arrive }) => {
  const mira = await arrive({ ...PHONE, wallet: true });
  await mira.signInWithWallet();
  await mira.page.getByRole('button', { name: /Make a group/ }).click();
  await mira.page.getByLabel('Name', { exact: true }).fill('Night swim');
  await mira.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(mira.composer).toBeVisible();
  await mira.page.getByRole('button', { name: 'Back' }).click();
  const list = mira.page.getByRole('navigation', { name: 'Conversations' });
  await expect(list.getByRole('link', { name: /^Night swim/ })).toBeVisible();
  await expect(mira.page.getByText('Welcome to CoolChat')).toBeHidden();

  await mira.context.setOffline(true);
  await expect(list.getByText('You’re offline.')).toBeVisible();
  await mira.context.setOffline(false);
  await expect(list.getByText('You’re offline.')).toHaveCount(0);
});
