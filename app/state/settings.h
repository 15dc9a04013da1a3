#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "app/state/animate_settings.h"
#include "app/state/data_settings.h"
#include "app/state/generate_settings.h"
#include "app/state/key_bindings.h"
#include "app/state/lab_settings.h"
#include "app/state/train_settings.h"
#include "engine/api/export.h"
#include "engine/base/error.h"

namespace kiln {

struct ExportSettings {
  std::string path;                             // of the file to write, or a pattern of names
  ParamMap sheet = defaults_of(sheet_specs());  // whole
  friend bool operator==(const ExportSettings&, const ExportSettings&) = default;
};

struct GallerySettings {
  std::string folder;  // empty: gallery in home_folder()
  int cell = 64;       // design pixels, of a sprite in the grid
  friend bool operator==(const GallerySettings&, const GallerySettings&) = default;
};

// How sprites are shown.
struct ShowSettings {
  std::string background;  // a colour as "#1a1c2c", or the id of a scene (panels/scenes.h); empty: a checkerboard
  bool pixel_grid = true;  // lines between the pixels of the enlarged sprite
  friend bool operator==(const ShowSettings&, const ShowSettings&) = default;
};

// What the window remembers from one start to the next.
inline constexpr int kScales[] = {75, 90, 100, 110, 125, 150, 175, 200};  // percent

struct Settings {
  int window_width = 1280;
  int window_height = 800;
  bool begin_with_batch = true;                // a start shows the last batch again, and makes one where there is none
  std::string theme = "dark";                  // or “light”
  int scale_percent = 100;                     // of everything in the window, beside what the screen asks for
  std::map<std::string, double> panel_widths;  // design pixels, of those that were dragged
  ChangedKeys keys;
  GenerateSettings generate;
  ShowSettings showing;
  ExportSettings exporting;
  std::map<std::string, ExportSettings> export_profiles;  // by the name that the artist gave
  GallerySettings gallery;
  LabSettings lab;
  AnimateSettings animate;
  DataSettings data;
  TrainSettings train;
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct LoadedSettings {
  Settings settings;
  std::optional<Error> problem;  // the file could not be read; then these are the defaults
};

// Never throws: a missing file gives the defaults, a broken one the defaults and why. Values out of range are brought into it.
LoadedSettings load_settings(const std::filesystem::path& file);

// Throws Failure as write_file does.
void save_settings(const std::filesystem::path& file, const Settings& settings);

// The next larger (or smaller) of kScales.
int next_scale(int percent, bool larger);

// Where sheets go until the artist says otherwise: sprites.png in ~/Pictures if there is one, else in the home folder.
std::string default_export_path();

// `text` as typed → the file to write: "~/" is the home folder, and a name without ending gets ".png".
std::filesystem::path export_file(const std::string& text);

}  // namespace kiln
