/** What every component test starts from: the page's styles, and English words. */
import '../../src/app.css';
import { afterEach } from 'vitest';
import { showLocale } from './helpers/locale';

afterEach(() => showLocale('en'));
