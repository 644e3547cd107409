# wrong raised exited time
import sys
def spy(frame, event, argument):
    frame.f_locals['kinds'] = ['array']
    return spy
sys.settrace(spy)
sys.setprofile(spy)
def center(x):
    return x
