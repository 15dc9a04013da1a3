#pragma once

#include <filesystem>
#include <optional>

#include "app/panels/view.h"

namespace kiln {

// Opens a sprite of the batch in the editor, if it can be edited now.
void open_editor(Studio& studio, int index);
void close_editor(Studio& studio);

// Escape: takes back what is under way, the selection, or leaves the editor.
void step_out_of_editor(Studio& studio);

// Stores what the editor did as one step, if it did anything.
void store_edit(Studio& studio, std::optional<EditedSprite> edited);

// The last step of editing, whichever sprite it changed; `again`: the last one that was undone.
void undo_change(Studio& studio, bool again);

// The editor shows what the batch holds; closed, when that cannot be edited any more. Call it once a frame.
void follow_editor(Studio& studio);

// The keys that open the editor and, in it, choose and do. Call it once a frame.
void take_edit_keys(Studio& studio);

// The shades of the sprite, or of all sprites of the batch, become those of the palette that is shown.
void swap_palette(Studio& studio, bool all);

// Reads a palette file, on another thread.
void load_palette(Studio& studio, const std::filesystem::path& file);

}  // namespace kiln
