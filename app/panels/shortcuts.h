#pragma once

#include <string>
#include <string_view>

#include "app/panels/view.h"

namespace kiln {

// All that keys do, in the order in which F1 lists it: what is pressed and what is shown are both read from this.
KeyActions key_actions();

// Does what the keys of this frame ask for. Call it once a frame, before the panels.
void take_keys(Studio& studio);

// The keys of an action, for showing: "Ctrl+E"; "" without any.
std::string key_of(const Studio& studio, std::string_view id);
// The same for the end of an explanation: " (Ctrl+E)".
std::string key_hint(const Studio& studio, std::string_view id);

// Takes keys that cannot be out of the settings, and tells which those were.
void drop_unsound_keys(Studio& studio);

}  // namespace kiln
