#pragma once

#include <string>

#include "app/panels/view.h"

namespace kiln {

inline constexpr const char* kAnimateHelp =
    "Set it in motion, by rule on its pixels or by the model: a GIF, an animated PNG, a sheet. Of two selected sprites, the model "
    "draws the way from one to the other";

// Why the chosen sprite cannot be animated, or "".
std::string why_not_animate(const Studio& studio);
// Why one of the gallery cannot.
std::string why_not_animate(const GalleryItem& item);

// Opens the animation of it, in the Generate tab. A picture of the gallery is read beside the window.
void animate_chosen(Studio& studio);
void animate_kept(Studio& studio, const GalleryItem& item);
void close_animation(Studio& studio);

// After something that the rule depends on has changed: makes the frames anew. What a model has drawn is dropped.
void move_anew(Studio& studio);
// One frame stands still, the others wait. `frame`: as drawn.
// Whether frames are moved by hand: then each but the first has a shift of its own.
bool moves_by_hand(const Studio& studio);
Shift shift_of(const Studio& studio, std::size_t frame);
void shift_frame(Studio& studio, std::size_t frame, Shift shift);

void show_frame(AnimateView& view, std::size_t frame);

bool is_drawn_by_model(const Studio& studio);
// Why the model cannot draw the frames, or "".
std::string why_not_draw(const Studio& studio);
void draw_frames(Studio& studio);

// Why the animation cannot be written, or "".
std::string why_not_write(const Studio& studio);
// Beside the window. Files that are there are replaced, or first asked about.
void write_animation(Studio& studio, bool replace);

// Takes what was read, written and drawn. Call it once a frame.
void follow_animation(Studio& studio);

// Its keys: Space plays, arrows show the frame before and the next. Call it once a frame while it is open.
void take_animation_keys(Studio& studio);

}  // namespace kiln
