/** Where the views of the main window stand. Each is fetched when it is first shown. */

import type { Routes } from "./shell";

export const ROUTES: Routes = {
  views: {
    keys: () => import("./features/keys/KeysView.svelte"),
    health: () => import("./features/health/HealthView.svelte"),
    incidents: () => import("./features/incidents/IncidentsView.svelte"),
    holders: () => import("./features/holders/HoldersView.svelte"),
    team: () => import("./features/team/TeamView.svelte"),
    calendar: () => import("./features/calendar/CalendarView.svelte"),
    reminders: () => import("./features/reminders/RemindersView.svelte"),
    activity: () => import("./features/activity/ActivityView.svelte"),
    import: () => import("./features/import/ImportView.svelte"),
    export: () => import("./features/export/ExportView.svelte"),
    settings: () => import("./features/settings/SettingsView.svelte"),
  },
  editor: () => import("./features/key-editor/KeyEditor.svelte"),
};
