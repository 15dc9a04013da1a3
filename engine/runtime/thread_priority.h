#pragma once

namespace kiln {

// Puts the calling thread, and those that it makes from then on, behind others: 0 (as programs usually start) … 19 (the last). A
// thread that is further behind stays there: without privileges there is no way back.
void set_thread_niceness(int niceness);

}  // namespace kiln
