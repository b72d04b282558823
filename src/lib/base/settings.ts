/** What the user chose, kept on the device. */
export interface Settings {
	/** A setting; undefined where there is none, or no storage. */
	read(name: string): Promise<string | undefined>;
	/** Keep a setting; without storage it lasts as long as the page. */
	write(name: string, value: string): Promise<void>;
}
