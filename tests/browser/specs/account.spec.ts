import { expect, test } from '../support/fixtures.ts';

test('a declined signature lets nobody in and can be asked for again', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  if (mira.wallet) mira.wallet.declines = true;
  await mira.page.goto(mira.url);
  await mira.page.getByRole('button', { name: /Test wallet/ }).click();
  await expect(mira.page.getByText('Your wallet declined. Nothing was signed.')).toBeVisible();
  if (mira.wallet) mira.wallet.declines = false;
  await mira.page.getByRole('button', { name: 'Ask again' }).click();
  await mira.isIn();
});

test('recovery words bring the same account to another device, which can then be signed out from the first', async ({ arrive }) => {
  const first = await arrive();
  const words = await first.signInWithNewKey();
  await first.rename('Anna Vale');

  const second = await arrive();
  await second.page.goto(second.url);
  await second.page.getByRole('button', { name: 'I have recovery words' }).click();
  await second.page.getByLabel('Recovery words or private key').fill(`${words.slice(0, 11).join(' ')} coolchat`);
  await second.page.getByRole('button', { name: 'Come in' }).click();
  await expect(second.page.getByRole('alert')).toBeVisible();
  await second.page.getByLabel('Recovery words or private key').fill(words.join(' '));
  await second.page.getByRole('button', { name: 'Come in' }).click();
  await second.isIn();
  await expect(second.page.getByText('Anna Vale')).toBeVisible();

  await first.page.goto(`${first.url}/settings/devices`);
  await first.page.getByRole('button', { name: /^End the session/ }).click();
  await expect(second.page.getByText('This device’s session was ended')).toBeVisible();
  await expect(first.page.getByText('Others')).toHaveCount(0);
});

test('the owner’s link makes the first person the owner', async ({ arrive, server }) => {
  const link = /http:\/\/\S+\/claim\S+/.exec(server.output)?.[0];
  expect(link, server.output).toBeTruthy();
  const anna = await arrive({ wallet: true });
  await anna.page.goto(link ?? '');
  await anna.page.getByRole('button', { name: /Test wallet/ }).click();
  await anna.page.getByRole('button', { name: 'It’s mine' }).click();
  await expect(anna.page.getByText(/is open, and you’re the first one in/)).toBeVisible();
});

test('pictures and files go with a message', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.page.getByRole('button', { name: 'New conversation' }).click();
  await mira.page.getByRole('menuitem', { name: 'Write to someone' }).click();
  await mira.page.getByRole('button', { name: 'Notes to yourself' }).click();
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');
  await mira.page.locator('input[type="file"]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: pixel });
  await mira.say('A red dot');
  const picture = mira.message('A red dot').getByRole('link', { name: /dot\.png/ }).locator('img');
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBe(1);
});
