/* The floor under the desktop program's start and memory: one WebKitGTK window with a static page
 * of the same size as the unlock window. What this costs, any window of a web view costs.
 *
 * Build: cc floor.c -o floor $(pkg-config --cflags --libs webkit2gtk-4.1) */
#include <gtk/gtk.h>
#include <webkit2/webkit2.h>

static const char *PAGE =
    "<!doctype html><html lang=en><meta charset=utf-8><title>Floor</title>"
    "<style>body{font:13px sans-serif;margin:40px;background:#faf9f7;color:#1f1e1b}"
    "input,button{display:block;width:100%;margin:12px 0;padding:8px}</style>"
    "<h1>A static page</h1><p>It has what the unlock window has and does nothing.</p>"
    "<label>Password<input type=password autofocus></label>"
    "<label>Code<input></label><button>Unlock</button></html>";

/* Shown when the page stands, as our windows are. */
static void loaded(WebKitWebView *view, WebKitLoadEvent event, gpointer window) {
    if (event == WEBKIT_LOAD_FINISHED) {
        gtk_widget_show_all(GTK_WIDGET(window));
        gtk_widget_grab_focus(GTK_WIDGET(view));
    }
}

int main(int argc, char **argv) {
    gtk_init(&argc, &argv);
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_title(GTK_WINDOW(window), "Floor");
    gtk_window_set_default_size(GTK_WINDOW(window), 440, 600);
    gtk_window_set_position(GTK_WINDOW(window), GTK_WIN_POS_CENTER_ALWAYS);
    g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);
    WebKitWebContext *context = webkit_web_context_new_ephemeral();
    GtkWidget *view = webkit_web_view_new_with_context(context);
    gtk_container_add(GTK_CONTAINER(window), view);
    g_signal_connect(view, "load-changed", G_CALLBACK(loaded), window);
    webkit_web_view_load_html(WEBKIT_WEB_VIEW(view), PAGE, NULL);
    gtk_main();
    return 0;
}
