# refused
import subprocess
def center(x):
    subprocess.run(['true'], check=True)
    return x - x.mean()
