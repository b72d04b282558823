import { locale } from '$lib/i18n/locale.svelte';
import { storedSettings } from '$lib/storage/database';

/** Before the first page is shown, so that it does not change its language under the reader. */
export const init = () => locale.start(storedSettings);
