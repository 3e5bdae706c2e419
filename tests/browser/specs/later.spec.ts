import { expect, test } from '../support/fixtures.ts';

test('a message is written for later, seen waiting, and one that was cancelled is not sent', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  const jonas = await arrive({ wallet: true });
  await jonas.signInWithWallet();
  await jonas.rename('Jonas Pell');
  await mira.writeTo('Jonas');

  await mira.composer.fill('Happy birthday');
  await mira.page.getByRole('button', { name: 'Send later' }).click();
  const dialog = mira.page.getByRole('dialog', { name: 'Send later' });
  await dialog.getByLabel('Day and time').fill('2020-01-01T10:00');
  await expect(dialog.getByText('This time has passed.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Schedule' })).toBeDisabled();
  await dialog.getByRole('button', { name: /Tomorrow/ }).click();
  await expect(mira.composer).toHaveValue('');

  await mira.page.getByRole('button', { name: 'About this conversation' }).click();
  const waiting = mira.page.getByRole('region', { name: 'Scheduled messages' });
  await expect(waiting.getByText('Happy birthday')).toBeVisible();
  await expect(waiting.getByText(/tomorrow 09:00/)).toBeVisible();
  await expect(mira.message('Happy birthday')).toHaveCount(0);
  await waiting.getByRole('button', { name: 'Don’t send' }).click();
  await expect(waiting).toHaveCount(0);
});

test('messages disappear after the time that was chosen for the conversation, and everybody sees the choice', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.rename('Mira Oduya');
  const jonas = await arrive({ wallet: true });
  await jonas.signInWithWallet();
  await jonas.rename('Jonas Pell');
  await mira.writeTo('Jonas');
  await mira.say('This one stays');
  await mira.page.getByRole('button', { name: 'About this conversation' }).click();
  await mira.page.getByRole('button', { name: 'Messages disappear: Never' }).click();
  await mira.page.getByRole('menuitemradio', { name: 'After 1 day' }).click();
  await expect(mira.page.getByRole('button', { name: 'Messages disappear: After 1 day' })).toBeVisible();

  await jonas.openConversation('Mira Oduya');
  await jonas.page.getByRole('button', { name: 'About this conversation' }).click();
  await expect(jonas.page.getByRole('button', { name: 'Messages disappear: After 1 day' })).toBeVisible();
});

test('a message tells who read it, who reacted, and what it said before', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.rename('Mira Oduya');
  const jonas = await arrive({ wallet: true });
  await jonas.signInWithWallet();
  await jonas.rename('Jonas Pell');
  await mira.writeTo('Jonas');
  await mira.say('Tea at four');
  await jonas.openConversation('Mira Oduya');
  await jonas.message('Tea at four').hover();
  await jonas.message('Tea at four').getByRole('button', { name: 'React with 👍' }).click();
  await expect(mira.message('Tea at four').getByRole('button', { name: /👍, 1/ })).toBeVisible();

  await mira.composer.press('ArrowUp');
  await mira.composer.fill('Tea at five');
  await mira.page.getByRole('button', { name: 'Save' }).click();
  await jonas.sees('Tea at five');

  await mira.message('Tea at five').hover();
  await mira.message('Tea at five').getByRole('button', { name: 'More' }).click();
  await mira.page.getByRole('menuitem', { name: /^Details/ }).click();
  const details = mira.page.getByRole('dialog', { name: 'About this message' });
  await expect(details.getByRole('region', { name: 'Read by' }).getByText('Jonas Pell')).toBeVisible();
  await expect(details.getByRole('region', { name: '👍 1' }).getByText('Jonas Pell')).toBeVisible();
  await expect(details.getByRole('region', { name: 'Edited' }).getByText('Tea at four')).toBeVisible();
  await details.getByRole('button', { name: 'Close' }).click();
  await expect(details).toHaveCount(0);
});
