#pragma once

#include <imgui.h>

#include <vector>

#include "app/state/key_bindings.h"

namespace kiln {

// Whether keys are for the window itself: nothing is being typed, and no list or dialog is open.
bool keys_are_free();

// Pressed in this frame; never unless keys_are_free().
bool key_typed(ImGuiKey key);

// All keys pressed in this frame, whoever they are for. A key that is held comes once, punctuation again and again.
std::vector<KeyStroke> pressed_keys();

}  // namespace kiln
