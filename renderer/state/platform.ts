/** Which keys the system uses. */

export const isMac = /^Mac/.test(navigator.platform);
