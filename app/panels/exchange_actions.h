#pragma once

#include <string>

#include "app/panels/view.h"
#include "engine/gallery/item.h"

namespace kiln {

// Why the chosen sprite of the batch cannot be copied as an image or dragged out, or "".
std::string why_not_copy_image(const Studio& studio, int index);

// To the clipboard: the PNG of the tab's chosen sprite, with its recipe.
void copy_image(Studio& studio);
// The clipboard's image becomes what sprites start from; in the pixel editor, a selection over the sprite.
void paste_image(Studio& studio);

// To be called once the pointer drags it, with the button down: to another program, as a PNG file. Again only after the button
// was let go of.
void drag_sprite_out(Studio& studio, int index);
void drag_kept_out(Studio& studio, const GalleryItem& item);

// The pointer says whether what is under it takes what is dragged. Call it once a frame, after the panels.
void follow_drag(Studio& studio);

// Takes what came of it. Call it whenever the window wakes; true if anything came.
bool follow_exchange(Studio& studio);

}  // namespace kiln
