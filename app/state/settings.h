#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/state/data_settings.h"
#include "app/state/generate_settings.h"
#include "app/state/train_settings.h"
#include "engine/api/export.h"
#include "engine/base/error.h"

namespace kiln {

struct ExportSettings {
  std::string path;                             // of the file to write, or a pattern of names
  ParamMap sheet = defaults_of(sheet_specs());  // whole
  friend bool operator==(const ExportSettings&, const ExportSettings&) = default;
};

// What the window remembers from one start to the next.
struct Settings {
  int window_width = 1280;
  int window_height = 800;
  GenerateSettings generate;
  ExportSettings exporting;
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

// Where sheets go until the artist says otherwise: sprites.png in ~/Pictures if there is one, else in the home folder.
std::string default_export_path();

// `text` as typed → the file to write: "~/" is the home folder, and a name without ending gets ".png".
std::filesystem::path export_file(const std::string& text);

}  // namespace kiln
