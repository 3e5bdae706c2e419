import { defineConfig, type ReporterDescription } from '@playwright/test';

const junit = process.env.BROWSER_TESTS_JUNIT ?? 'test-results/junit.xml';
const reporter: ReporterDescription[] = [['list'], ['junit', { outputFile: junit }]];

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results/artifacts',
  // Each test runs a server and two browsers: more at once only makes them wait for each other.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter,
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
});
