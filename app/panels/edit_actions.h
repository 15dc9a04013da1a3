#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// Why sprite `index` of the batch cannot be edited now, and what can be; or "".
std::string why_not_edit(const Studio& studio, int index);

// Opens a sprite of the batch in the editor, if it can be edited now. What the engine makes meanwhile waits until that is closed.
void open_editor(Studio& studio, int index);
void close_editor(Studio& studio);

// The same of the batch before: in its batch, as long as the next one is being made, and then as one more sprite of this one.
void open_earlier(Studio& studio, int index);

// Puts a finished sprite behind those of the batch, as one step called `what`, and opens it; tells where it cannot be put there.
void open_added(Studio& studio, std::string what, const Sprite& sprite, const SpriteOrigin& origin);

// Escape: takes back what is under way, the selection, or leaves the editor.
void step_out_of_editor(Studio& studio);

// Stores what the editor did as one step, if it did anything.
void store_edit(Studio& studio, std::optional<EditedSprite> edited);

// The last step of editing, whichever sprite it changed; `again`: the last one that was undone.
void undo_change(Studio& studio, bool again);

// The editor shows what the batch holds; closed, when that cannot be edited any more. Call it once a frame.
void follow_editor(Studio& studio);

// The arrow keys in the editor. Call it once a frame.
void take_edit_arrows(Studio& studio);

// New sprites are made in the colours of the palette that is shown, or, once more, in those of the model's.
void toggle_palette_lock(Studio& studio);

// The shades of these sprites of the batch together become those of the palette that is shown.
void swap_palette(Studio& studio, const std::vector<int>& places);

// Reads a palette file, on another thread.
void load_palette(Studio& studio, const std::filesystem::path& file);

}  // namespace kiln
