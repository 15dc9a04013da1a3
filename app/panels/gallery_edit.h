#pragma once

#include <string>

#include "app/panels/view.h"

namespace kiln {

// Why a kept sprite cannot be edited now, or "".
std::string why_not_edit_kept(const Studio& studio, const GalleryItem& item);

// Puts it behind the sprites of the batch and opens it in the editor, once it has been read. Its file stays as it is.
void edit_kept(Studio& studio, const GalleryItem& item);

// Takes what was read. Call it once a frame.
void follow_kept_edit(Studio& studio);

}  // namespace kiln
