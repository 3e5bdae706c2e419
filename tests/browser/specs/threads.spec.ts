import { expect, test } from '../support/fixtures.ts';
import { PHONE } from '../support/person.ts';

test('a thread is opened, answered from both sides, edited and left again', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.rename('Mira Oduya');
  const jonas = await arrive({ ...PHONE, wallet: true });
  await jonas.signInWithWallet();
  await jonas.rename('Jonas Pell');
  await mira.writeTo('Jonas');
  await mira.say('Who brings the rope?');

  await mira.message('Who brings the rope?').hover();
  await mira.message('Who brings the rope?').getByRole('button', { name: 'More' }).click();
  await mira.page.getByRole('menuitem', { name: /Reply in thread/ }).click();
  const thread = mira.page.getByRole('complementary', { name: 'Thread' });
  await expect(thread.getByRole('article').filter({ hasText: 'Who brings the rope?' })).toBeVisible();
  await thread.getByPlaceholder('Reply in thread').fill('I could ask Anna');
  await thread.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(thread.getByRole('article').filter({ hasText: 'I could ask Anna' })).toBeVisible();
  await expect(thread.getByText(/1 reply/)).toBeVisible();

  await jonas.openConversation('Mira Oduya');
  await jonas.page.getByRole('button', { name: /1 reply/ }).click();
  const theirs = jonas.page.getByRole('complementary', { name: 'Thread' });
  await expect(theirs.getByRole('article').filter({ hasText: 'I could ask Anna' })).toBeVisible();
  await theirs.getByPlaceholder('Reply in thread').fill('I have one');
  await theirs.getByRole('button', { name: 'Send', exact: true }).click();

  await expect(thread.getByRole('article').filter({ hasText: 'I have one' })).toBeVisible();
  await expect(thread.getByText(/2 replies/)).toBeVisible();
  const own = thread.getByRole('article').filter({ hasText: 'I could ask Anna' });
  await own.focus();
  await own.press('Enter');
  await mira.page.getByRole('menuitem', { name: /^Edit/ }).click();
  await thread.getByPlaceholder('Reply in thread').fill('No need to ask Anna');
  await thread.getByRole('button', { name: 'Save' }).click();
  await expect(theirs.getByRole('article').filter({ hasText: 'No need to ask Anna' })).toBeVisible();

  await theirs.getByRole('button', { name: 'Back' }).click();
  await expect(jonas.page.getByRole('button', { name: /2 replies/ })).toBeVisible();
  await thread.getByRole('button', { name: 'Close' }).click();
  await expect(thread).toHaveCount(0);
});
