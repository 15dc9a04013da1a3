#pragma once

#include "app/panels/view.h"
#include "app/widgets/ui.h"

namespace kiln {

bool is_of_several_processes(const TrainingRun& run);

// The processes that train the run that is shown: how many, on which hosts, and how fast each of them is, the slowest marked.
void draw_train_processes_panel(Studio& studio, Area rect);

}  // namespace kiln
