import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

/** Takes the pictures of docs/images from the real product: `npm run screenshots`. */
export default defineConfig(tests, { testDir: 'screenshots', reporter: 'list' });
