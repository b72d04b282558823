import { locale } from '$lib/language/locale.svelte';

/** Before the first page is shown, so that it does not change its language under the reader. */
export const init = () => locale.start();
