#include "app/shell/window.h"

namespace kiln {

// In a file of its own: only a program that opens the real engine needs the module's loader.
int run_window(const WindowOptions& options) { return run_window(options, open_engine); }

}  // namespace kiln
