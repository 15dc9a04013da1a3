#pragma once

#include <string>

#include "app/widgets/file_browser.h"
#include "engine/base/param_spec.h"

namespace kiln {

struct Studio;

// What is typed and shown in the dialog that opens a model by its path.
struct ModelDialog {
  enum class Page { kClosed, kPath, kAssumed };
  Page page = Page::kClosed;
  std::string path;  // typed
  FileBrowser browser;
  std::string waiting;  // the path being opened from here, or ""
  std::string about;    // the checkpoint that the fields below are about
  std::string classes;  // names, separated by commas
  std::string out;      // the model file to write
  ParamMap values;      // of Catalog::import
};

// Asks for a path.
void ask_for_model(Studio& studio);

// For a model of another project: shows what was found and assumed, and asks what is otherwise.
void show_assumptions(Studio& studio);

// The dialog, if it is open. Call it every frame.
void draw_model_dialog(Studio& studio);

}  // namespace kiln
