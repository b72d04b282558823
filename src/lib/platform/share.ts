/** Gives a file to another program on the device by the system's own sheet (Web Share, level 2). */

/** Whether the system takes this file; browsers take some endings only, CSV and pictures among them. */
export function canShare(file: File): boolean {
	// `share` alone, without `canShare`, takes text and links only.
	return (
		typeof globalThis.navigator?.canShare === 'function' && navigator.canShare({ files: [file] })
	);
}

/**
 * Hand a file on. Call it in answer to a press. Never throws.
 * @returns `closed` where the user closed the sheet, `refused` where the system did not open it.
 */
export async function shareFile(file: File): Promise<'shared' | 'closed' | 'refused'> {
	if (!canShare(file)) return 'refused';
	try {
		await navigator.share({ files: [file] });
		return 'shared';
	} catch (error) {
		return error instanceof DOMException && error.name === 'AbortError' ? 'closed' : 'refused';
	}
}
