#pragma once

#include <string>

#include "app/panels/view.h"
#include "engine/gallery/item.h"

namespace kiln {

// Why no image can go that way on this desktop, and what to do instead, or "".
std::string why_not_image(const Studio& studio, ImageWay way);
// Why a sprite of the batch, or a kept one, cannot be copied as an image, or "".
std::string why_not_copy_image(const Studio& studio, int index);
std::string why_not_copy_image(const Studio& studio, const GalleryItem& item);

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
