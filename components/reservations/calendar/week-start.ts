type WeekInfo = { firstDay: number };
/** Newer than the published types, and a property instead of a method in some browsers. */
type LocaleWithWeek = Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };

const MONDAY = 1;

/** The day on which weeks begin for readers of a locale, 0 for Sunday; Monday where that is not known. */
export function firstDayOfWeek(locale: string): number {
  try {
    const known: LocaleWithWeek = new Intl.Locale(locale);
    // Intl counts from Monday, 1, to Sunday, 7.
    return ((known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? MONDAY) % 7;
  } catch {
    return MONDAY;
  }
}
