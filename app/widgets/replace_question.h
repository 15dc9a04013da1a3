#pragma once

#include <string>
#include <vector>

#include "app/widgets/ui.h"

namespace kiln {

// While `asked`: a dialog that says what is there already and asks whether to replace it; Replace, Cancel and Escape end it. True
// in the frame in which Replace is clicked. Its buttons are recorded as `name` + ".replace" and ".cancel"; `loss` is the former's
// help.
bool replace_question(Ui& ui, const std::string& name, const std::string& what, const std::vector<std::string>& there,
                      const std::string& loss, bool& asked);

}  // namespace kiln
