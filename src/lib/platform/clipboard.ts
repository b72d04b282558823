/** Pictures that another program copied, asked for by a button: fingers have no Ctrl+V. */
import { failed, succeeded, type Outcome } from '../problems/problems';

/** Whether the browser lets a page ask: secure pages only. */
export function canPaste(): boolean {
	return typeof globalThis.navigator?.clipboard?.read === 'function';
}

/**
 * The copied pictures as files. Call it in answer to a press, when the browser may ask the user.
 * Never throws.
 */
export async function copiedPictures(): Promise<Outcome<File[]>> {
	let items: ClipboardItem[];
	try {
		items = await navigator.clipboard.read();
	} catch {
		return failed('paste-refused');
	}
	const files: File[] = [];
	for (const item of items) {
		const type = item.types.find((one) => one.startsWith('image/'));
		if (!type) continue;
		const picture = await item.getType(type).catch(() => null);
		if (picture) files.push(new File([picture], `pasted.${endingOf(type)}`, { type }));
	}
	return files.length > 0 ? succeeded(files) : failed('nothing-copied');
}

function endingOf(type: string): string {
	return type.slice('image/'.length).replace(/\W.*$/, '');
}
