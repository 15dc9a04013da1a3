#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/gl/image_exchange.h"
#include "app/panels/animate_view.h"
#include "app/panels/data_view.h"
#include "app/panels/edit_view.h"
#include "app/panels/export_view.h"
#include "app/panels/gallery_view.h"
#include "app/panels/grid_view.h"
#include "app/panels/lab_view.h"
#include "app/panels/model_dialog.h"
#include "app/panels/steer_view.h"
#include "app/state/looked_up.h"
#include "app/state/mirror.h"
#include "app/state/model_list.h"
#include "app/state/settings.h"
#include "app/widgets/ui.h"
#include "engine/base/error.h"
#include "engine/base/palette.h"

namespace kiln {

enum class Tab { kGenerate, kGallery, kData, kTrain, kLab };

// The same for the Train tab.
struct TrainView {
  std::string data;         // a path, typed; empty: what is open in the Data tab
  std::string name;         // of the next run
  std::string named_after;  // the data that the name was made for; empty: it was typed
  bool more_open = false;
  bool discard_asked = false;
  std::int64_t strip_step = -1;                         // whose samples are shown; below 0: the newest
  std::int64_t go_on_steps = 0;                         // until which a run that has ended goes on
  std::string go_on_run;                                // for which that is
  std::optional<TrainRequest> plan_wanted, plan_asked;  // plan_request()
  TrainSettings plan_settings;                          // what the wanted one was made of
  std::string plan_name, plan_data;
  std::uint64_t plan_version = 0;      // of the set that is open in the Data tab
  LookedUp<std::string> why_not_name;  // the run cannot be called so
  LookedUp<bool> replaces;             // a run of that name is there
  bool replace_asked = false;          // whether it may be replaced
  LookedUp<std::string> why_not_live;  // the model distilled from the shown run's cannot be
  LookedUp<bool> has_model;            // the run that is shown has written one
  double plan_due_s = -1;              // when the wanted one is asked for
  bool runs_asked = false;
  bool use_asked = false;  // Use now was clicked and is not answered yet
  bool offer_dismissed = false;
  bool evaluation_open = false;  // “How good is it?”, of the run that is shown
  std::int64_t evaluation_draws = 1;
  std::uint64_t evaluation_version = 0;   // of the evaluation that these are from
  std::vector<Image> evaluated_sprites;   // class by class
  std::vector<Image> evaluated_suspects;  // each before what it may be copied from
  ParamMap live;                          // changes to the run under way that are being typed
  std::string change_run;                 // the run that is trained elsewhere, for which the next three are
  std::int64_t change_steps = 0;          // as typed
  double change_rate = 0;
  ParamMap change_shown;  // the recipe that they were taken from
};

enum class Closing { kNo, kAsked, kWaiting };

// What is open, chosen and folded; forgotten when the window closes.
struct View {
  Tab tab = Tab::kGenerate;
  int chosen = 0;               // sprite of the batch
  bool generate_waits = false;  // for the engine or the model, and begins as soon as it can
  ExportView exporting;
  bool mix_open = false;
  bool more_open = false;
  float settings_height = 0;      // of the rows below the classes, as drawn last
  float classes_height = 0;       // of all classes, as drawn last
  std::vector<ModelFile> models;  // as listed when the picker was opened
  ModelDialog model_dialog;
  FileBrowser palette_browser;
  std::future<std::variant<std::string, Error>> palette_coming;  // path of a palette file, being read

  EditView edit;
  AnimateView animate;
  GalleryView gallery;
  SteerView steer;
  LabView lab;

  DataView data;
  GridView grid;

  // Of the chosen sprite, made again when another pixel shows.
  std::vector<Rgb8> colours;
  std::vector<Rgb8> swatches;  // those of them that look different
  std::uint64_t colours_version = 0;
  int colours_index = -1;

  TrainView train;
  bool drags_out = false;  // a sprite, to another program, until the button is let go of
  bool shortcuts_open = false;
  std::string key_asked;    // id of the action that the next key is for
  std::string key_problem;  // why it did not get the one that was pressed last
  bool quit_asked = false;
  JobId queue_shown;               // the batch from the queue that was begun last, as far as the grid knows
  Closing closing = Closing::kNo;  // the window was asked to close while a run is under way
  std::uint64_t disk_changes = 0;  // counts when files may have come or gone: a job ended, the artist was in another program
  double now_s = 0;                // of this frame, on a clock that only goes forward
  double wake_s = -1;              // when to draw again though nothing happens; below 0: never
};

// What the panels of one window share.
struct Studio {
  Ui& ui;
  Mirror& mirror;
  Settings& settings;
  View& view;
  GalleryService& gallery;
  ImageExchange& exchange;
};

}  // namespace kiln
