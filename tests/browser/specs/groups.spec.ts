import { expect, test } from '../support/fixtures.ts';

test('a group is made, joined by an invite link, and its owner can remove people', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.rename('Mira Oduya');
  await mira.page.getByRole('button', { name: 'New conversation' }).click();
  await mira.page.getByRole('menuitem', { name: 'New group' }).click();
  await mira.page.getByLabel('Name', { exact: true }).fill('Night swim');
  await mira.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(mira.page.getByRole('heading', { name: 'Night swim' })).toBeVisible();
  await mira.say('Towels are in the boathouse');

  await mira.page.getByRole('button', { name: 'About this conversation' }).click();
  await mira.page.getByRole('button', { name: 'Invite link' }).click();
  await mira.page.getByRole('button', { name: 'Make a link' }).click();
  const link = await mira.page.getByLabel('The link').inputValue();
  await mira.page.getByRole('button', { name: 'Close', exact: true }).last().click();

  const jonas = await arrive({ wallet: true });
  await jonas.signInWithWallet();
  await jonas.rename('Jonas Pell');
  await jonas.page.goto(link);
  await expect(jonas.page.getByRole('heading', { name: 'Night swim' })).toBeVisible();
  await jonas.page.getByRole('button', { name: 'Join' }).click();
  await jonas.say('I bring tea');
  await mira.sees('I bring tea');
  await expect(mira.page.getByText(/Jonas Pell joined/)).toBeVisible();

  await mira.composer.fill('Thank you @Jon');
  await mira.page.getByRole('option', { name: 'Jonas Pell' }).click();
  await mira.page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(jonas.message('Thank you').locator('.mention')).toHaveText('@Jonas Pell');

  await mira.page.getByRole('complementary').getByRole('button', { name: /Jonas Pell/ }).click();
  await mira.page.getByRole('menuitem', { name: 'Remove from here' }).click();
  await expect(jonas.page.getByText('Nothing is here for you')).toBeVisible();
  await expect(mira.page.getByText('1 member', { exact: true }).first()).toBeVisible();
});

test('an invite that does not exist says so', async ({ arrive }) => {
  const mira = await arrive({ wallet: true });
  await mira.signInWithWallet();
  await mira.page.goto(`${mira.url}/i/nothing-here`);
  await expect(mira.page.getByText('This invite doesn’t work any more')).toBeVisible();
});
