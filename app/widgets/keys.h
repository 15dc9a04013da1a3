#pragma once

#include <imgui.h>

#include <string>

namespace kiln {

// Whether keys are for the window itself: nothing is being typed, and no list or dialog is open.
bool keys_are_free();

// The letters typed in this frame, in upper case; none unless keys_are_free().
std::string typed_letters();

// Pressed in this frame; never unless keys_are_free().
bool key_typed(ImGuiKey key);

}  // namespace kiln
