/** The version of these files, put in by the build. */
declare const __VERSION__: string;
