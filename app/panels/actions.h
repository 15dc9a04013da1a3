#pragma once

#include <string>

#include "app/panels/view.h"

namespace kiln {

// Brings up a tab.
void open_tab(View& view, Tab tab);

// Why Generate cannot be pressed, or "".
std::string why_not_generate(const Mirror& mirror);

// What Generate has to wait for, or "".
std::string generate_waits_for(const Mirror& mirror);

// Generates with the settings as they are; unless the seed is locked, with a new one. While the engine starts or the model is being
// opened, that waits; while other sprites are being made, in the queue.
void start_generating(Studio& studio);

// Begins what waited, once it can. Call it once a frame.
void follow_generating(Studio& studio);

// Nothing is selected, and the first sprite is looked at; but not while one is edited, until that is done.
void show_new_batch(View& view);

// The grid begins anew with each batch from the queue. Call it once a frame.
void follow_queue(Studio& studio);

// Opens a model and remembers it.
void choose_model(Studio& studio, const std::string& path);

// The model used last, or else the first that is found. Tells when the one used last is gone.
void open_first_model(Studio& studio);

// Looks for model files again.
void list_models_again(View& view);

// A new seed, short enough to read out.
std::int64_t random_seed();

}  // namespace kiln
