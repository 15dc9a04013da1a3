#pragma once

#include <optional>
#include <string>

#include "app/panels/view.h"

namespace kiln {

// The sprites that a run would be trained on.
struct TrainData {
  SpriteSource source;  // an empty path: none are chosen yet
  Preprocessing preprocessing;
  bool from_data_tab = false;
};
TrainData data_to_train_on(const Studio& studio);

// Why Start cannot be pressed, or "".
std::string why_not_start(Studio& studio);

// Whether a new run takes the place of one that is there.
bool replaces_run(Studio& studio);

// A new run with the settings as they are; asks first whether one of its name is to be replaced, unless told to `replace` it. That
// one's files go as the new run begins.
void start_training(Studio& studio, bool replace = false);

// Why no run that has ended can go on now, or "".
std::string why_not_go_on(const Studio& studio);

// Goes on with a run of the folder, until `steps` in all (0: as it was planned).
void go_on_training(Studio& studio, const std::string& run, const std::string& model, std::int64_t steps);

// Why no model can be distilled from that of a run that has ended, or "".
std::string why_not_make_live(Studio& studio, const TrainingRun& run);
// A new run that does so, on the same sprites.
void make_live(Studio& studio, const TrainingRun& run);

// The weights as they are now, into the Generate tab.
void use_now(Studio& studio);

// Asks for a plan when what it depends on has been left alone for a moment, and for none while a run is under way.
void keep_plan_fresh(Studio& studio);

// What goes along with a run wherever the artist is: lists, the name of the run to go on with next time, the model of Use now.
// Once a frame.
void follow_training(Studio& studio);

// The run that was under way when the window was last closed, if it can go on; else null.
const RunInfo* run_to_go_on(const Studio& studio);

// Shows a run of the folder, its newest samples first.
void open_run(Studio& studio, const std::string& path);

}  // namespace kiln
