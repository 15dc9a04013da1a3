#pragma once

#include <string>
#include <vector>

#include "app/panels/data_view.h"
#include "app/panels/model_dialog.h"
#include "app/state/mirror.h"
#include "app/state/model_list.h"
#include "app/state/settings.h"
#include "app/widgets/ui.h"
#include "engine/base/palette.h"

namespace kiln {

enum class Tab { kGenerate, kData, kTrain };

// What is open, chosen and folded; forgotten when the window closes.
struct View {
  Tab tab = Tab::kGenerate;
  int chosen = 0;  // sprite of the batch
  bool mix_open = false;
  bool more_open = false;
  float settings_height = 0;      // of the rows below the classes, as drawn last
  float classes_height = 0;       // of all classes, as drawn last
  std::vector<ModelFile> models;  // as listed when the picker was opened
  ModelDialog model_dialog;

  DataView data;

  // Of the chosen sprite, made again when another pixel shows.
  std::vector<Rgb8> colours;
  std::vector<Rgb8> swatches;  // those of them that look different
  std::uint64_t colours_version = 0;
  int colours_index = -1;
};

// What the panels of one window share.
struct Studio {
  Ui& ui;
  Mirror& mirror;
  Settings& settings;
  View& view;
};

}  // namespace kiln
